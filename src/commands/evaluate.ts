import { join } from 'node:path';
import { runEvaluate } from '../inference/evaluate-command.ts';
import { systemClock } from '../platform/system-clock.ts';
import type { Command } from './command.ts';

/** `zhanggui evaluate`. */
export const evaluate: Command = (args, { root, print }) =>
  runEvaluate(args, print, { clock: systemClock, encoderFolder: join(root, 'models', 'encoder') });
