import { cpus, loadavg, totalmem } from 'node:os';

/** Load per core above which figures say more about the neighbours than about us. */
const NOISY_LOAD = 0.5;

/** Where figures were taken. */
export type Machine = {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly at: string;
  /** One-minute load average at the start. */
  readonly load: number;
  readonly isNoisy: boolean;
};

/** Describes this machine now. */
export function describeMachine(): Machine {
  const cores = cpus().length;
  const load = loadavg()[0] ?? 0;
  return {
    cores,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    at: new Date().toISOString(),
    load,
    isNoisy: load / cores > NOISY_LOAD,
  };
}
