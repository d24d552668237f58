import { readFile } from 'node:fs/promises';
import type { Receipt, Stage } from '../../src/domain/session.ts';
import type { BatchMs } from '../../src/inference/encoder/encoder-messages.ts';
import type { BenchWorld } from './bench-world.ts';
import { percentile, type Summary, summarise } from './percentiles.ts';
import { formatMs, type Line, type Section } from './report.ts';
import { VisitClient } from './visit-client.ts';

type Taken = {
  readonly turns: { readonly ms: number; readonly stagesMs: Receipt['stagesMs'] }[];
  readonly bare: { readonly totalMs: number; readonly batchMs: BatchMs }[];
  readonly failures: string[];
};

const STAGES: readonly Stage[] = [
  ...(['prepare', 'queue', 'tokenise', 'encode', 'classify', 'decide', 'commit', 'total'] as const),
];

/** Measures the turns of one visit beside the bare encoder on the same texts, in alternating blocks. */
export async function measureTurn(world: BenchWorld): Promise<Section> {
  const { box, bare, texts, sizes, say } = world;
  const visit = new VisitClient(box.origin, await readFile(box.caFile, 'utf8'));
  await visit.open();
  const block = (number: number, length: number): string[] =>
    Array.from({ length }, (_, i) => texts[(number * length + i) % texts.length] ?? '');
  const discarded: Taken = { turns: [], bare: [], failures: [] };
  await takeBlock(world, visit, block(0, sizes.warmUpTurns), discarded);
  const taken: Taken = { turns: [], bare: [], failures: [] };
  say(`${sizes.turnBlocks * sizes.turnsPerBlock} turns beside the bare encoder`);
  for (let number = 0; number < sizes.turnBlocks; number += 1)
    await takeBlock({ bare }, visit, block(number, sizes.turnsPerBlock), taken);
  await visit.end();
  if (taken.turns.length === 0)
    throw new Error(`no turn was answered on the box: ${taken.failures.join(', ')}`);
  return describe(taken);
}

async function takeBlock(
  { bare }: Pick<BenchWorld, 'bare'>,
  visit: VisitClient,
  block: readonly string[],
  taken: Taken,
): Promise<void> {
  for (const text of block) {
    const startTick = performance.now();
    const said = await visit.say(text);
    const ms = performance.now() - startTick;
    if (said.kind === 'refused') taken.failures.push(said.code);
    else if (said.engine !== 'local') taken.failures.push(`engine ${said.engine}`);
    else taken.turns.push({ ms, stagesMs: said.stagesMs });
    if (said.kind === 'answered' && said.isHandedOver) await visit.restart();
  }
  for (const text of block) taken.bare.push(await bare.time(text));
}

function describe({ turns, bare, failures }: Taken): Section {
  const turn = summarise(turns.map(({ ms }) => ms));
  const embed = summarise(bare.map(({ totalMs }) => totalMs));
  const run = summarise(bare.map(({ batchMs }) => batchMs.encode));
  const stages = Object.fromEntries(
    STAGES.map((stage) => [
      stage,
      percentile(
        turns.map(({ stagesMs }) => stagesMs[stage] ?? 0),
        0.5,
      ),
    ]),
  );
  const around = percentile(
    turns.map(({ ms, stagesMs }) => ms - (stagesMs.total ?? 0)),
    0.5,
  );
  const spent = STAGES.filter((stage) => stage !== 'total')
    .map((stage) => `${stage} ${formatMs(stages[stage] ?? 0)}`)
    .join(', ');
  return {
    title: `turn: one client, one visit, ${turn.count} turns over HTTPS (p50 / p90 / p99 ms), bare encoder in between`,
    lines: [encoderLine(turn, embed), tailLine(turn), runLine(turn, run)],
    notes: [
      `where the median turn goes, ms: ${spent}; HTTP, TLS and client ${formatMs(around)}`,
      failures.length === 0
        ? 'every question was answered by the engine on the box'
        : `${failures.length} question(s) not counted: ${[...new Set(failures)].join(', ')}`,
    ],
    raw: { turn, bareEmbed: embed, bareRun: run, stagesP50: stages, aroundP50: around, failures },
  };
}

const triple = ({ p50, p90, p99 }: Summary): string => [p50, p90, p99].map(formatMs).join(' / ');

function encoderLine(turn: Summary, embed: Summary): Line {
  const ratio = turn.p50 / embed.p50;
  return {
    what: 'turn beside embed() through the worker',
    figure: triple(turn),
    beside: `bare ${triple(embed)}`,
    ratio,
    claims: [
      { level: 'aim', text: 'p50 ≤ 2 × the bare encoder', met: ratio <= 2 },
      { level: 'goal', text: 'p50 ≤ 1.5 × the bare encoder', met: ratio <= 1.5 },
    ],
  };
}

function tailLine(turn: Summary): Line {
  return {
    what: 'turn, p99',
    figure: `${formatMs(turn.p99)} ms (max ${formatMs(turn.max)})`,
    beside: '',
    ratio: null,
    claims: [{ level: 'must', text: 'p99 ≤ 50 ms', met: turn.p99 <= 50 }],
  };
}

function runLine(turn: Summary, run: Summary): Line {
  return {
    what: 'turn beside session.run alone',
    figure: triple(turn),
    beside: `run ${triple(run)}`,
    ratio: turn.p50 / run.p50,
    claims: [],
  };
}
