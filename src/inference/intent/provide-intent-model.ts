import { ModelError } from '../../domain/errors.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { spawnWorker } from '../spawn-worker.ts';
import type { IntentModel, LabelledText } from './intent-model.ts';
import {
  decodeIntentModel,
  keyOfModel,
  readModelFile,
  writeModelFile,
} from './intent-model-file.ts';
import type { CalibrationText, TrainingJob } from './train-intent-model.ts';
import { inTrainingTurn } from './training-turn.ts';

/** The texts by which the engine should understand. */
export type Activation = {
  readonly training: readonly LabelledText[];
  /** Held out from training; `intent: null` fits nothing. May be empty: folds of `training` stand in. */
  readonly calibration: readonly CalibrationText[];
  /** Share of answers that may be wrong, 0..1. */
  readonly statedErrorRate: number;
};

/** What a model is made with. */
export type ModelMaker = {
  readonly encoderFingerprint: string;
  readonly dimensions: number;
  /** Where models are kept; null keeps none. */
  readonly cacheFolder: string | null;
  readonly embed: (texts: readonly string[]) => Promise<Float32Array>;
  readonly train: (job: TrainingJob, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Gives up training and waiting. */
  readonly signal: AbortSignal;
  readonly log: Log;
};

/** A model, its bytes for the encoder threads, and where it came from. */
export type ProvidedModel = {
  readonly model: IntentModel;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly key: string;
  readonly source: 'cache' | 'trained';
};

/** Trains a model in a thread of its own; resolves to its bytes. */
export function trainInThread(
  job: TrainingJob,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const port = spawnWorker<never, Uint8Array<ArrayBuffer>>(
    './training-worker',
    import.meta.url,
    job,
  );
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => void port.terminate(), { once: true });
    port.onMessage(resolve);
    port.onExit((why) => {
      const detail = `training ended without a model: ${why}`;
      reject(new ModelError('MODEL_LOAD_FAILED', { detail }));
    });
  });
}

async function readStored(maker: ModelMaker, key: string): Promise<ProvidedModel | null> {
  if (maker.cacheFolder === null) return null;
  try {
    const bytes = await readModelFile(maker.cacheFolder, key);
    return bytes && { model: decodeIntentModel(bytes), bytes, key, source: 'cache' };
  } catch (error) {
    maker.log.warn('the stored intent model is unusable and is made anew', { why: String(error) });
    return null;
  }
}

async function store(maker: ModelMaker, key: string, bytes: Uint8Array): Promise<void> {
  if (maker.cacheFolder === null) return;
  try {
    await writeModelFile(maker.cacheFolder, key, bytes);
  } catch (error) {
    maker.log.warn('the intent model is not stored; the next start trains again', {
      why: String(error),
    });
  }
}

/**
 * Loads the model that some texts make from the cache, or trains and stores it.
 *
 * @throws ModelError MODEL_NOT_READY when the encoder ends meanwhile
 */
export async function provideIntentModel(
  request: Activation,
  maker: ModelMaker,
): Promise<ProvidedModel> {
  const { training, calibration, statedErrorRate } = request;
  const { encoderFingerprint } = maker;
  const key = keyOfModel({ encoderFingerprint, training, calibration, statedErrorRate });
  const find = () => readStored(maker, key);
  const make = () => makeModel(request, maker, key);
  const { cacheFolder } = maker;
  const stored = await find();
  if (stored) return stored;
  return cacheFolder === null ? make() : inTrainingTurn(cacheFolder, key, maker, find, make);
}

async function makeModel(
  { training, calibration, statedErrorRate }: Activation,
  maker: ModelMaker,
  key: string,
): Promise<ProvidedModel> {
  const { dimensions } = maker;
  const vectors = await maker.embed([...training, ...calibration].map(({ text }) => text));
  maker.signal.throwIfAborted();
  const split = training.length * dimensions;
  const job = {
    dimensions,
    training: { texts: training, vectors: vectors.slice(0, split) },
    calibration: { texts: calibration, vectors: vectors.slice(split) },
    statedErrorRate,
  };
  const bytes = await maker.train(job, maker.signal);
  await store(maker, key, bytes);
  return { model: decodeIntentModel(bytes), bytes, key, source: 'trained' };
}
