import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { readProcessFigures } from './process-figures.ts';

/** USER_HZ; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of CPU time so far. */
type CpuSeconds = { readonly everyone: number; readonly ours: number; readonly tick: number };

/**
 * Watches how much of the machine others take while something is measured.
 *
 * @param serverPid asked for each time, since the server is started anew in between
 * @returns says so far: the share of all cores that went to others, 0..1
 */
export async function watchNeighbours(serverPid: () => number): Promise<() => Promise<number>> {
  const before = await readCpuSeconds(serverPid());
  return async () => {
    const after = await readCpuSeconds(serverPid());
    const others = after.everyone - before.everyone - (after.ours - before.ours);
    const capacity = ((after.tick - before.tick) / 1000) * availableParallelism();
    return Math.max(0, others / capacity);
  };
}

async function readCpuSeconds(serverPid: number): Promise<CpuSeconds> {
  const machine = await readFile('/proc/stat', 'utf8');
  // cpu user nice system idle iowait irq softirq …: idle and iowait are nobody's work.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = numbersOf(
    machine.slice(0, machine.indexOf('\n')).replace(/^cpu\s+/, ''),
  );
  const own = await readFile('/proc/self/stat', 'utf8');
  // utime, stime, cutime, cstime: this process, and its children that have ended.
  const ours = numbersOf(own.slice(own.lastIndexOf(')') + 2)).slice(11, 15);
  const server = await readProcessFigures(serverPid);
  return {
    everyone: (user + nice + system + irq + softIrq) / TICKS_PER_SECOND,
    ours: ours.reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND + server.cpuSeconds,
    tick: performance.now(),
  };
}

function numbersOf(fields: string): number[] {
  return fields.split(' ').map(Number);
}
