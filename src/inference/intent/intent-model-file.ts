import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../../domain/errors.ts';
import type { IntentModel } from './intent-model.ts';
import type { TrainingJob } from './train-intent-model.ts';

/** Raised whenever features, training or this format change: older files are then made anew. */
const FORMAT = 5;
const MAGIC = 'ZGIM';
const HASH_BYTES = 32;
const PREAMBLE_BYTES = 8;
const ALIGNMENT_BYTES = 8;
/** Files of earlier models that stay, so that going back needs no training. */
const KEPT_FILES = 3;

const threshold = z.number().min(0);
const Header = z.object({
  format: z.literal(FORMAT),
  labels: z.array(z.string()),
  utterances: z.array(z.string()),
  starts: z.array(z.int().nonnegative()),
  neighbourWeight: z.number(),
  dimensions: z.int().positive(),
  grams: z.int().nonnegative(),
  buckets: z.int().positive(),
  gramWeight: z.number().positive(),
  scale: z.object({ temperature: z.number().positive(), rejectBias: z.number().nullable() }),
  thresholds: z.object({ absolute: threshold, margin: threshold, choose: threshold }),
});
type Header = z.infer<typeof Header>;

const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const bytesOf = (array: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/**
 * Writes a model as bytes: magic, u32 header length, JSON header, arrays, SHA-256 of all before.
 * Arrays are little-endian and begin at multiples of 8.
 */
export function encodeIntentModel(model: IntentModel): Uint8Array<ArrayBuffer> {
  const { space, weights } = model;
  const header: Header = {
    format: FORMAT,
    labels: [...model.labels],
    utterances: [...model.utterances],
    starts: [...model.starts],
    neighbourWeight: model.neighbourWeight,
    dimensions: space.mean.length,
    grams: space.rarity.length,
    buckets: space.rowOfBucket.length,
    gramWeight: space.gramWeight,
    scale: model.scale,
    thresholds: model.thresholds,
  };
  const json = Buffer.from(JSON.stringify(header));
  const arrays = [space.mean, space.rarity, space.rowOfBucket, weights.values, model.vectors];
  const start = align(PREAMBLE_BYTES + json.length);
  const size = arrays.reduce((sum, array) => sum + align(array.byteLength), start);
  const bytes = new Uint8Array(size + HASH_BYTES);
  bytes.set(Buffer.from(MAGIC));
  new DataView(bytes.buffer).setUint32(MAGIC.length, json.length, true);
  bytes.set(json, PREAMBLE_BYTES);
  let at = start;
  for (const array of arrays) {
    bytes.set(bytesOf(array), at);
    at += align(array.byteLength);
  }
  bytes.set(sha256(bytes.subarray(0, size)), size);
  return bytes;
}

function broken(detail: string, cause?: unknown): ModelError {
  return new ModelError('MODEL_LOAD_FAILED', { detail: `the trained model ${detail}`, cause });
}

function readHeader(bytes: Uint8Array, length: number): Header {
  try {
    const json = bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + length);
    return Header.parse(JSON.parse(Buffer.from(json).toString()));
  } catch (cause) {
    throw broken(`has a header of another format: ${String(cause)}`, cause);
  }
}

/**
 * Reads what `encodeIntentModel` wrote; the arrays are views of `bytes`.
 *
 * @throws ModelError MODEL_LOAD_FAILED when a byte differs or the format is another
 */
export function decodeIntentModel(bytes: Uint8Array<ArrayBuffer>): IntentModel {
  const end = bytes.length - HASH_BYTES;
  const magic = Buffer.from(bytes.subarray(0, MAGIC.length)).toString();
  if (end < PREAMBLE_BYTES || magic !== MAGIC) throw broken('does not begin with its magic');
  if (!sha256(bytes.subarray(0, end)).equals(bytes.subarray(end))) {
    throw broken('does not match its own SHA-256');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(MAGIC.length, true);
  const header = readHeader(bytes, length);
  // Float32Array needs an aligned start, which a slice of a pooled Buffer may not have.
  const home = bytes.byteOffset % ALIGNMENT_BYTES === 0 ? bytes : bytes.slice();
  let at = align(PREAMBLE_BYTES + length);
  const next = (count: number): number => {
    const from = home.byteOffset + at;
    at += align(count * Float32Array.BYTES_PER_ELEMENT);
    if (at > end) throw broken(`is shorter than its header says: ${bytes.length} bytes`);
    return from;
  };
  const floats = (count: number) => new Float32Array(home.buffer, next(count), count);
  const labels = header.labels.length + (header.scale.rejectBias === null ? 0 : 1);
  const { dimensions, grams, buckets, gramWeight } = header;
  const mean = floats(dimensions);
  const rarity = floats(grams);
  const rowOfBucket = new Int32Array(home.buffer, next(buckets), buckets);
  const values = floats((dimensions + grams) * labels);
  const vectors = floats(header.utterances.length * dimensions);
  return {
    labels: header.labels,
    utterances: header.utterances,
    starts: Uint32Array.from(header.starts),
    vectors,
    neighbourWeight: header.neighbourWeight,
    space: { mean, rowOfBucket, rarity, gramWeight },
    weights: { labels, values },
    scale: header.scale,
    thresholds: header.thresholds,
  };
}

/** What a model is made from, before it is embedded. */
export type ModelRecipe = {
  readonly encoderFingerprint: string;
  readonly training: TrainingJob['training']['texts'];
  readonly calibration: TrainingJob['calibration']['texts'];
  readonly statedErrorRate: number;
};

/** Names the model that a recipe makes: the same recipe, the same key. */
export function keyOfModel(recipe: ModelRecipe): string {
  const parts = [
    FORMAT,
    recipe.encoderFingerprint,
    recipe.statedErrorRate,
    recipe.training.map(({ intent, text }) => [intent, text]),
    recipe.calibration.map(({ intent, text }) => [intent, text]),
  ];
  return sha256(Buffer.from(JSON.stringify(parts))).toString('hex');
}

const fileOf = (folder: string, key: string): string => join(folder, `intents-${key}.bin`);

/** Reads a stored model's bytes; null when there is none. */
export async function readModelFile(
  folder: string,
  key: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const file = await readFile(fileOf(folder, key));
    return new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw broken(`cannot be read from ${folder}: ${String(cause)}`, cause);
  }
}

async function removeOldFiles(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^intents-[0-9a-f]+\.bin$/.test(name));
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = aged.sort((a, b) => b.at - a.at).slice(KEPT_FILES);
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })));
}

/** Stores a model so that a power cut leaves the whole file or none. */
export async function writeModelFile(
  folder: string,
  key: string,
  bytes: Uint8Array,
): Promise<void> {
  const temporary = join(folder, `${randomBytes(8).toString('hex')}.tmp`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(temporary, 'wx', 0o600);
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await rename(temporary, fileOf(folder, key));
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw broken(`cannot be stored in ${folder}: ${String(cause)}`, cause);
  }
  await removeOldFiles(folder);
}
