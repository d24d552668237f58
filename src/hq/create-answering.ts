import { join } from 'node:path';
import { loadPacks } from '../config/load-packs.ts';
import type { Part } from '../domain/part.ts';
import type { Clock, Log, Understander } from '../domain/ports.ts';
import { EncoderEngine } from '../inference/encoder-engine.ts';
import { LocalAnswering } from '../inference/local-answering.ts';

/** An engine and the part that brings it up. */
export type Answering = { readonly understander: Understander; readonly part: Part };

/** What the answering endpoint is made of. */
export type AnsweringOptions = {
  /** Folder with `encoder/` and `packs/`. */
  readonly modelsDir: string;
  readonly packs: readonly string[];
  /** Where the trained model is kept. */
  readonly cacheDir: string;
  readonly clock: Clock;
  readonly log: Log;
};

/** Share of answers that may be wrong; the figure that the product states. */
const STATED_ERROR_RATE = 0.05;

/**
 * Makes the engine that answers for appliances whose own is away: the same one, with headquarters'
 * own packs.
 *
 * @throws ConfigError PACK_INVALID
 */
export async function createAnswering(options: AnsweringOptions): Promise<Answering> {
  const { modelsDir, packs, cacheDir, clock, log } = options;
  const { training, calibration } = await loadPacks(join(modelsDir, 'packs'), packs);
  const encoderFolder = join(modelsDir, 'encoder');
  const engine = new EncoderEngine({ encoderFolder, cacheFolder: cacheDir }, { clock, log });
  const activation = { training, calibration, statedErrorRate: STATED_ERROR_RATE };
  return { understander: engine, part: new LocalAnswering(engine, activation, log) };
}
