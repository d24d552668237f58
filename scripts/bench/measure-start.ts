import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchWorld } from './bench-world.ts';
import { percentile } from './percentiles.ts';
import { readProcessFigures } from './process-figures.ts';
import { formatMs, type Line, type Section } from './report.ts';

/** What a start leaves behind is given back, or not, within this. */
const SETTLE_MS = 2_000;

/** Measures starts with existing data up to the first answer, and the memory of an idle box. */
export async function measureStart(world: BenchWorld): Promise<Section> {
  const { box, sizes, say } = world;
  const runs: { readonly anyMs: number; readonly localMs: number }[] = [];
  for (let run = 1; run <= sizes.restarts; run += 1) {
    say(`restart ${run} of ${sizes.restarts}`);
    await box.stop();
    runs.push(await box.start());
  }
  const localMs = percentile(
    runs.map((run) => run.localMs),
    0.5,
  );
  const anyMs = percentile(
    runs.map((run) => run.anyMs),
    0.5,
  );
  await sleep(SETTLE_MS);
  const { residentMb, processes } = await readProcessFigures(box.pid);
  return {
    title: `start: ${runs.length} restart(s) with existing data, spawn → answer over HTTPS, median`,
    lines: [startLine(localMs), anyLine(anyMs), memoryLine('resident memory, idle', residentMb)],
    notes: processes > 1 ? [`${processes} processes: sources run with tsx have helpers`] : [],
    raw: { runs, idleResidentMb: residentMb, processes },
  };
}

function startLine(ms: number): Line {
  return {
    what: 'first answer of the engine on the box',
    figure: `${formatMs(ms)} ms`,
    beside: '',
    ratio: null,
    claims: [
      { level: 'must', text: '≤ 5 s', met: ms <= 5_000 },
      { level: 'aim', text: '≤ 3 s', met: ms <= 3_000 },
      { level: 'goal', text: '≤ 2 s', met: ms <= 2_000 },
    ],
  };
}

function anyLine(ms: number): Line {
  return {
    what: 'first answer of any engine',
    figure: `${formatMs(ms)} ms`,
    beside: '',
    ratio: null,
    claims: [],
  };
}

/** The promises are for an idle box, all packs loaded. */
function memoryLine(what: string, residentMb: number): Line {
  return {
    what,
    figure: `${residentMb.toFixed(0)} MB`,
    beside: '',
    ratio: null,
    claims: [
      { level: 'must', text: '≤ 600 MB', met: residentMb <= 600 },
      { level: 'aim', text: '≤ 500 MB', met: residentMb <= 500 },
      { level: 'goal', text: '≤ 350 MB', met: residentMb <= 350 },
    ],
  };
}
