import { ModelError } from '../../domain/errors.ts';
import { spawnWorker } from '../spawn-worker.ts';
import type { EncoderStart } from './encoder-messages.ts';
import type { EncoderPort } from './encoder-pool.ts';
import {
  type EncoderFolder,
  type LoadOptions,
  loadEncoderFolder,
  verifyEncoderFolder,
} from './load-encoder-folder.ts';

/** Loading and a full batch take less, even on a busy machine. */
const END_LIMIT_MS = 10_000;

/** Which encoder to run, and on how much of the machine. */
export type EncoderPlan = LoadOptions & {
  readonly path: string;
  readonly workers: number;
  /** Cores that a batch may use. */
  readonly threads: number;
};

/** A verified encoder whose threads are warm. */
export type OpenEncoder = {
  readonly folder: EncoderFolder;
  readonly ports: readonly EncoderPort[];
};

/** Starts an encoder thread. */
export function spawnEncoder(start: EncoderStart): EncoderPort {
  const port: EncoderPort = spawnWorker('./encoder-worker', import.meta.url, start);
  return { ...port, terminate: () => endGently(port) };
}

/**
 * Lets a thread end itself between two batches: tearing it down inside onnxruntime's `run` aborts the
 * whole process (onnxruntime-node 1.30 throws into an environment that is gone).
 */
async function endGently(port: EncoderPort): Promise<void> {
  await new Promise<void>((resolve) => {
    const hanging = setTimeout(() => void port.terminate().then(resolve), END_LIMIT_MS);
    hanging.unref();
    port.onExit(() => {
      clearTimeout(hanging);
      resolve();
    });
    port.post({ type: 'end' });
  });
}

/** Resolves when a thread says that it is ready; rejects with its fault, or when it ends. */
function whenReady(port: EncoderPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.onMessage((message) => {
      if (message.type === 'ready') resolve();
      if (message.type === 'failed') {
        reject(new ModelError(message.code, { detail: message.detail }));
      }
    });
    port.onExit((why) => {
      const detail = `the encoder thread ended before it was ready: ${why}`;
      reject(new ModelError('MODEL_LOAD_FAILED', { detail }));
    });
  });
}

/**
 * Loads, verifies and warms up an encoder. Leaves no thread behind when it fails.
 *
 * @throws ModelError MODEL_MISSING, MODEL_HASH_MISMATCH, MODEL_LOAD_FAILED or MODEL_OUTPUT_SHAPE
 */
export async function openEncoder(
  plan: EncoderPlan,
  spawn: (start: EncoderStart) => EncoderPort,
  signal: AbortSignal,
): Promise<OpenEncoder> {
  const folder = await loadEncoderFolder(plan.path, plan);
  signal.throwIfAborted();
  const ports: EncoderPort[] = [];
  try {
    for (let worker = 0; worker < plan.workers; worker += 1) {
      ports.push(spawn({ folder, threads: plan.threads }));
    }
    // Hashing takes as long as loading: both at once, but nothing is asked before both are done.
    await Promise.all([verifyEncoderFolder(folder), ...ports.map(whenReady)]);
    signal.throwIfAborted();
    return { folder, ports };
  } catch (error) {
    await Promise.allSettled(ports.map((port) => port.terminate()));
    throw error;
  }
}
