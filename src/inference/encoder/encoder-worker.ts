// Thread that owns tokenizer, session and intent model: onnxruntime-node's `run` blocks its thread.
import { parentPort, workerData } from 'node:worker_threads';
import type { ErrorCode } from '../../domain/error-catalogue.ts';
import { ApplianceError, ModelError } from '../../domain/errors.ts';
import { type IntentModel, readText } from '../intent/intent-model.ts';
import { decodeIntentModel } from '../intent/intent-model-file.ts';
import type { EncoderRequest, EncoderResponse, EncoderStart } from './encoder-messages.ts';
import { createSentenceEncoder, type SentenceEncoder } from './sentence-encoder.ts';

/** Batch sizes that are run before `ready`, so that the first customer does not pay for allocation. */
const WARM_UP_BATCHES = [1, 16, 1];

const send = (response: EncoderResponse): void => parentPort?.postMessage(response);

function toFault(error: unknown): { code: ErrorCode; detail: string } {
  if (error instanceof ApplianceError) return { code: error.code, detail: error.message };
  return { code: 'MODEL_LOAD_FAILED', detail: `the encoder thread failed: ${String(error)}` };
}

async function answer(
  encoder: SentenceEncoder,
  model: IntentModel | null,
  request: Extract<EncoderRequest, { type: 'embed' | 'understand' }>,
): Promise<EncoderResponse> {
  const { id, texts, type } = request;
  if (type === 'understand' && !model) {
    throw new ModelError('MODEL_NOT_READY', { detail: 'no intent model is installed yet' });
  }
  const { vectors, tokeniseMs, encodeMs } = await encoder.encode(texts);
  const startTick = performance.now();
  if (type === 'embed' || !model) {
    const ms = { tokenise: tokeniseMs, encode: encodeMs, classify: 0 };
    return { type: 'embedded', id, vectors, ms };
  }
  const dimensions = vectors.length / texts.length;
  const readings = texts.map((text, row) =>
    readText(model, text, vectors.subarray(row * dimensions, (row + 1) * dimensions)),
  );
  const classify = performance.now() - startTick;
  const ms = { tokenise: tokeniseMs, encode: encodeMs, classify };
  return { type: 'understood', id, readings, ms };
}

async function serve({ folder, threads }: EncoderStart): Promise<void> {
  const encoder = await createSentenceEncoder(folder, threads);
  for (const size of WARM_UP_BATCHES) {
    await encoder.encode(Array(size).fill('你好，我想问一下怎么办理？ How can I do this?'));
  }
  let model: IntentModel | null = null;
  parentPort?.on('message', async (request: EncoderRequest) => {
    if (request.type === 'end') {
      parentPort?.close();
      return;
    }
    if (request.type === 'install') {
      model = decodeIntentModel(request.model);
      return;
    }
    try {
      send(await answer(encoder, model, request));
    } catch (error) {
      send({ type: 'refused', id: request.id, ...toFault(error) });
    }
  });
  send({ type: 'ready' });
}

serve(workerData as EncoderStart).catch((error: unknown) =>
  send({ type: 'failed', ...toFault(error) }),
);
