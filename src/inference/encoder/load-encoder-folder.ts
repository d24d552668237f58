import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../../domain/errors.ts';

/** What a customer wants stands in the first hundred tokens; more only makes everyone wait. */
const TOKEN_LIMIT = 128;
const READ_CHUNK_BYTES = 1 << 20;
/** Where exporters put the graph, best first. */
const GRAPH_PATHS = ['onnx/model_quantized.onnx', 'onnx/model.onnx', 'model.onnx'];

const Manifest = z.object({
  name: z.string().min(1),
  version: z.string().min(1),
  dimensions: z.int().positive(),
  maxTokens: z.int().min(8),
  files: z.record(
    z.string().regex(/^(?!\/)(?!.*\.\.).+$/, 'must be a path inside the folder'),
    z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() }),
  ),
});
const ModelConfig = z.object({
  hidden_size: z.int().positive(),
  max_position_embeddings: z.int().positive().default(TOKEN_LIMIT),
});
const TokenizerConfig = z.object({ model_max_length: z.number().positive().default(TOKEN_LIMIT) });
const SentenceConfig = z.object({
  prompts: z.record(z.string(), z.string()).default({}),
  default_prompt_name: z.string().nullish(),
});
const PoolingConfig = z.object({ pooling_mode_cls_token: z.boolean().default(false) });

/** An encoder in Hugging Face layout, as its files describe it. */
export type EncoderFolder = {
  readonly path: string;
  readonly name: string;
  /** Path of the ONNX graph inside the folder. */
  readonly graph: string;
  readonly dimensions: number;
  /** Longer texts are cut to this many tokens. */
  readonly maxTokens: number;
  /** Put before every text, such as `query: `. */
  readonly prefix: string;
  /** How token vectors become one, where the graph does not do it itself. */
  readonly pooling: 'mean' | 'first';
  /** Expected size and SHA-256 of every file; empty for a folder without manifest. */
  readonly files: z.infer<typeof Manifest>['files'];
  /** Changes whenever a file changes; part of the key of everything computed with this encoder. */
  readonly fingerprint: string;
};

/** How strictly a folder is taken. */
export type LoadOptions = {
  /** Accepts a folder without `manifest.json`, whose files nobody vouches for. */
  readonly allowUnverified?: boolean;
};

async function readJson<T>(folder: string, file: string, schema: z.ZodType<T>): Promise<T> {
  let text: string;
  try {
    text = await readFile(join(folder, file), 'utf8');
  } catch (cause) {
    const detail = `cannot read ${file} of the encoder in ${folder}: restore the folder`;
    throw new ModelError('MODEL_MISSING', { detail, cause });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    const detail = `${file} of the encoder in ${folder} is not valid: ${why}`;
    throw new ModelError('MODEL_LOAD_FAILED', { detail, cause });
  }
}

async function readOptionalJson<T>(
  folder: string,
  file: string,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const found = await stat(join(folder, file)).catch(() => null);
  return found ? readJson(folder, file, schema) : null;
}

async function findGraph(folder: string): Promise<string> {
  const inOnnx = await readdir(join(folder, 'onnx')).catch(() => []);
  const inRoot = await readdir(folder).catch(() => []);
  const graphs = [...inOnnx.map((name) => `onnx/${name}`), ...inRoot].filter((name) =>
    name.endsWith('.onnx'),
  );
  const graph = GRAPH_PATHS.find((path) => graphs.includes(path)) ?? graphs.sort()[0];
  if (graph) return graph;
  const detail = `no .onnx file in ${folder} or its onnx/ folder: restore the folder`;
  throw new ModelError('MODEL_MISSING', { detail });
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: READ_CHUNK_BYTES })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

async function fingerprintOf(folder: string, files: readonly string[]): Promise<string> {
  const hashes = await Promise.all(files.map((file) => hashFile(join(folder, file))));
  return createHash('sha256').update(hashes.join()).digest('hex');
}

function requireListed(folder: string, files: EncoderFolder['files'], used: string[]): void {
  const unlisted = used.filter((file) => !(file in files));
  if (unlisted.length === 0) return;
  const detail = `manifest.json in ${folder} does not list ${unlisted.join(', ')}: restore the folder`;
  throw new ModelError('MODEL_HASH_MISMATCH', { detail });
}

/**
 * Reads what an encoder folder says about itself. Cheap; `verifyEncoderFolder` does the hashing.
 *
 * @throws ModelError MODEL_MISSING, MODEL_LOAD_FAILED, or MODEL_HASH_MISMATCH when the manifest does
 *   not vouch for a file that is used
 */
export async function loadEncoderFolder(
  path: string,
  options: LoadOptions = {},
): Promise<EncoderFolder> {
  const [config, tokenizer, sentence, pooling, graph] = await Promise.all([
    readJson(path, 'config.json', ModelConfig),
    readJson(path, 'tokenizer_config.json', TokenizerConfig),
    readOptionalJson(path, 'config_sentence_transformers.json', SentenceConfig),
    readOptionalJson(path, '1_Pooling/config.json', PoolingConfig),
    findGraph(path),
  ]);
  const manifest = options.allowUnverified
    ? await readOptionalJson(path, 'manifest.json', Manifest)
    : await readJson(path, 'manifest.json', Manifest);
  const used = [graph, 'config.json', 'tokenizer.json', 'tokenizer_config.json'];
  if (sentence) used.push('config_sentence_transformers.json');
  if (pooling) used.push('1_Pooling/config.json');
  if (manifest) requireListed(path, manifest.files, used);
  return {
    path,
    name: manifest ? `${manifest.name} ${manifest.version}` : path,
    graph,
    dimensions: manifest?.dimensions ?? config.hidden_size,
    maxTokens: Math.min(
      TOKEN_LIMIT,
      manifest?.maxTokens ?? TOKEN_LIMIT,
      tokenizer.model_max_length,
      config.max_position_embeddings,
    ),
    prefix: sentence?.prompts[sentence.default_prompt_name ?? 'query'] ?? '',
    pooling: pooling?.pooling_mode_cls_token ? 'first' : 'mean',
    files: manifest?.files ?? {},
    fingerprint: await fingerprintOf(path, manifest ? ['manifest.json'] : used),
  };
}

/**
 * Compares size and SHA-256 of every file with the manifest; about 0.1 s for 40 MB.
 *
 * @throws ModelError MODEL_MISSING or MODEL_HASH_MISMATCH, naming the first wrong file
 */
export async function verifyEncoderFolder(folder: EncoderFolder): Promise<void> {
  const verify = async ([file, expected]: [string, { sha256: string; bytes: number }]) => {
    const path = join(folder.path, file);
    const found = await stat(path).catch(() => null);
    if (!found) {
      const detail = `${file} of the encoder in ${folder.path} is missing: restore the folder`;
      throw new ModelError('MODEL_MISSING', { detail });
    }
    const sha256 = found.size === expected.bytes ? await hashFile(path) : `${found.size} bytes`;
    if (sha256 === expected.sha256) return;
    const wanted = `${expected.bytes} bytes, SHA-256 ${expected.sha256}`;
    const detail = `${file} of the encoder in ${folder.path} is ${sha256}, not ${wanted}: restore the folder`;
    throw new ModelError('MODEL_HASH_MISMATCH', { detail });
  };
  await Promise.all(Object.entries(folder.files).map(verify));
}
