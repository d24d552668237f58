import type { Config } from '../config/load-config.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { createFileRoot, type FileRoot } from '../platform/durable-files.ts';
import { createHardwareFacts, type HardwareFacts } from '../platform/hardware-facts.ts';
import { createJsonLog } from '../platform/json-log.ts';
import { systemClock } from '../platform/system-clock.ts';

/** Everything that tests replace. */
export type Edges = {
  readonly clock: Clock;
  readonly log: Log;
  readonly files: FileRoot;
  readonly hardware: HardwareFacts;
  readonly random: () => number;
};

/** The edges of a real box. */
export function realEdges(config: Config): Edges {
  return {
    clock: systemClock,
    log: createJsonLog(config.log, process.stderr),
    files: createFileRoot(config.paths.data),
    hardware: createHardwareFacts(config.paths.data),
    random: Math.random,
  };
}
