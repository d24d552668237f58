import type { Machine } from './machine.ts';

/** A figure that was promised. */
export type Claim = {
  /** `must` and `goal` of the specification; `aim` of the work under way. */
  readonly level: 'must' | 'aim' | 'goal';
  readonly text: string;
  readonly met: boolean;
};

/** One measured figure with what stands beside it. */
export type Line = {
  readonly what: string;
  readonly figure: string;
  /** The bare thing, measured in the same run; empty when nothing is beside it. */
  readonly beside: string;
  readonly ratio: number | null;
  /** Empty when nothing was promised. */
  readonly claims: readonly Claim[];
};

/** What one part of the benchmark saw. */
export type Section = {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Remarks without a figure of their own. */
  readonly notes: readonly string[];
  /** Everything measured, for the JSON. */
  readonly raw: unknown;
};

/** From here on the work of others shows in the figures. */
const NOTABLE_SHARE = 0.1;
const WHAT_WIDTH = 40;
const FIGURE_WIDTH = 30;
const BESIDE_WIDTH = 38;

/** Says on what the figures were taken, and warns when they are noise. */
export function formatMachine(machine: Machine): string {
  const { cores, cpu, memoryGb, node, at, load, isNoisy } = machine;
  const line = `${cores} cores (${cpu}), ${memoryGb} GB, node ${node}, ${at}, load ${load.toFixed(2)}`;
  if (!isNoisy) return line;
  return `${line}\nWARNING: other work keeps this machine busy (load ${load.toFixed(2)} on ${cores} cores): the absolute figures are noise, and even the ratios are rough.`;
}

/** Says how much of the machine went to others, 0..1, while a part was measured. */
export function formatNeighbours(share: number): string {
  const said = `  · others took ${(share * 100).toFixed(0)} % of the machine meanwhile`;
  return share > NOTABLE_SHARE ? `${said}: take the figures above as noise` : said;
}

/** Formats a part as a table that a person can read. */
export function formatSection({ title, lines, notes }: Section): string {
  const rows = lines.flatMap((line) => [formatLine(line), ...line.claims.map(formatClaim)]);
  return [`\n${title}`, ...rows, ...notes.map((note) => `  · ${note}`)].join('\n');
}

function formatLine({ what, figure, beside, ratio, claims }: Line): string {
  const cells = [
    what.padEnd(WHAT_WIDTH),
    figure.padEnd(FIGURE_WIDTH),
    beside.padEnd(BESIDE_WIDTH),
    ratio === null ? '' : `× ${ratio.toFixed(2)}`,
  ];
  const promised = claims.length === 0 ? '  (nothing promised)' : '';
  return `  ${cells.join(' ').trimEnd()}${promised}`;
}

function formatClaim({ level, text, met }: Claim): string {
  return `    ${met ? '✓' : '✗'} ${level.padEnd(4)} ${text}${met ? '' : '   NOT MET'}`;
}

/** Milliseconds with as many decimals as mean something. */
export function formatMs(ms: number): string {
  return ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}
