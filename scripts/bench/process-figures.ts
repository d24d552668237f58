import { readdir, readFile } from 'node:fs/promises';

const MEGABYTE_KB = 1024;
/** USER_HZ; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
// /proc/<pid>/stat after the name in brackets, which may itself hold spaces: state is field 0.
const PARENT = 1;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** What a process and everything it started use. */
export type ProcessFigures = {
  readonly residentMb: number;
  /** Since their start, all threads. */
  readonly cpuSeconds: number;
  readonly processes: number;
};

/** Reads from /proc what the tree of processes below `pid` uses. */
export async function readProcessFigures(pid: number): Promise<ProcessFigures> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(names.map(readStat));
  const all = stats.filter((stat) => stat !== null);
  const tree = [pid];
  for (const parent of tree)
    tree.push(...all.filter((stat) => stat.parent === parent).map((stat) => stat.pid));
  const members = all.filter((stat) => tree.includes(stat.pid));
  const residentKb = await Promise.all(members.map((member) => readResidentKb(member.pid)));
  return {
    residentMb: residentKb.reduce((sum, kb) => sum + kb, 0) / MEGABYTE_KB,
    cpuSeconds: members.reduce((sum, stat) => sum + stat.ticks, 0) / TICKS_PER_SECOND,
    processes: members.length,
  };
}

async function readStat(
  name: string,
): Promise<{ pid: number; parent: number; ticks: number } | null> {
  // Processes end while they are being read.
  const source = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
  if (source === null) return null;
  const fields = source.slice(source.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
  return { pid: Number(name), parent: Number(fields[PARENT]), ticks };
}

async function readResidentKb(pid: number): Promise<number> {
  const source = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(source)?.[1] ?? 0);
}
