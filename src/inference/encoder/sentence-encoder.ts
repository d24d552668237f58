import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PreTrainedTokenizer } from '@xenova/transformers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelError } from '../../domain/errors.ts';
import type { EncoderFolder } from './load-encoder-folder.ts';
import { normaliseRows, poolVectors } from './pool-vectors.ts';

/** No token is longer than this on average, so what lies beyond is cut before it costs anything. */
const LONGEST_TOKEN = 16;

/** Vectors of a batch, and what they cost. */
export type Encoded = {
  /** Row-major [texts, dimensions], rows of unit length. */
  readonly vectors: Float32Array;
  readonly tokeniseMs: number;
  readonly encodeMs: number;
};

/** A tokenizer and a session. `encode` blocks its thread: it belongs in a worker. */
export interface SentenceEncoder {
  /**
   * Embeds texts in one batch.
   *
   * @throws ModelError MODEL_OUTPUT_SHAPE when the graph answers with another shape
   */
  encode(texts: readonly string[]): Promise<Encoded>;
}

async function readTokenizer(folder: EncoderFolder): Promise<PreTrainedTokenizer> {
  const { PreTrainedTokenizer } = await import('@xenova/transformers/src/tokenizers.js');
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder.path, file), 'utf8'));
  const files = await Promise.all([read('tokenizer.json'), read('tokenizer_config.json')]);
  return new PreTrainedTokenizer(...files);
}

function openSession(folder: EncoderFolder, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(join(folder.path, folder.graph), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Spinning threads take the cores from the main thread: with a second busy process, one
    // utterance took 7 ms with spinning and 3 ms without (2 cores).
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

/** Tokens of a batch as the graph's inputs. */
function buildFeeds(session: InferenceSession, ids: readonly number[][], width: number) {
  const shape = [ids.length, width];
  const tokens = new BigInt64Array(ids.length * width);
  const mask = new BigInt64Array(tokens.length);
  for (const [row, list] of ids.entries()) {
    for (const [column, id] of list.entries()) {
      tokens[row * width + column] = BigInt(id);
      mask[row * width + column] = 1n;
    }
  }
  const inputs: Record<string, BigInt64Array> = { input_ids: tokens, attention_mask: mask };
  const feeds: Record<string, Tensor> = {};
  for (const name of session.inputNames) {
    feeds[name] = new Tensor('int64', inputs[name] ?? new BigInt64Array(tokens.length), shape);
  }
  return feeds;
}

function findOutput(session: InferenceSession): string {
  const known = ['sentence_embedding', 'last_hidden_state'];
  return known.find((name) => session.outputNames.includes(name)) ?? session.outputNames[0] ?? '';
}

function readVectors(
  folder: EncoderFolder,
  output: Tensor | undefined,
  ids: readonly number[][],
  width: number,
): Float32Array {
  const shape = output?.dims.join('×') ?? 'none';
  const texts = ids.length;
  const { dimensions } = folder;
  if (output?.data instanceof Float32Array) {
    if (shape === `${texts}×${dimensions}`) return normaliseRows(output.data.slice(), dimensions);
    if (shape === `${texts}×${width}×${dimensions}`) {
      const lengths = ids.map((list) => list.length);
      const grid = { texts, width, dimensions, lengths };
      return normaliseRows(poolVectors(output.data, grid, folder.pooling), dimensions);
    }
  }
  const expected = `float32 ${texts}×${dimensions} or ${texts}×${width}×${dimensions}`;
  const detail = `${folder.graph} answered with ${output?.type ?? 'no'} output ${shape}, not ${expected}: check its configuration`;
  throw new ModelError('MODEL_OUTPUT_SHAPE', { detail });
}

/**
 * Loads an encoder into this thread.
 *
 * @param threads cores that one batch may use
 * @throws ModelError MODEL_LOAD_FAILED
 */
export async function createSentenceEncoder(
  folder: EncoderFolder,
  threads: number,
): Promise<SentenceEncoder> {
  const load = async () => Promise.all([openSession(folder, threads), readTokenizer(folder)]);
  const [session, tokenizer] = await load().catch((cause: unknown) => {
    const detail = `the encoder in ${folder.path} does not load: ${String(cause)}`;
    throw new ModelError('MODEL_LOAD_FAILED', { detail, cause });
  });
  const outputName = findOutput(session);
  const tokenise = (text: string): number[] => {
    const ids = tokenizer.encode(folder.prefix + text.slice(0, folder.maxTokens * LONGEST_TOKEN));
    // The last token marks the end: it stays when the text is cut.
    if (ids.length > folder.maxTokens)
      ids.splice(folder.maxTokens - 1, ids.length - folder.maxTokens);
    return ids;
  };
  return {
    async encode(texts) {
      const startTick = performance.now();
      const ids = texts.map(tokenise);
      const width = Math.max(...ids.map((list) => list.length));
      const feeds = buildFeeds(session, ids, width);
      const tokenisedTick = performance.now();
      const outputs = await session.run(feeds);
      const vectors = readVectors(folder, outputs[outputName], ids, width);
      const encodeMs = performance.now() - tokenisedTick;
      return { vectors, tokeniseMs: tokenisedTick - startTick, encodeMs };
    },
  };
}
