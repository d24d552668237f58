import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Protocol buffer fields, as far as an ONNX file needs them. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
const number = (field: number, value: number): Buffer =>
  Buffer.concat([varint(field * 8), varint(value)]);
function bytes(field: number, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
}

const FLOAT = 1;
const INT64 = 7;

function valueInfo(field: number, name: string, type: number, axes: string[]): Buffer {
  const shape = bytes(2, ...axes.map((axis) => bytes(1, bytes(2, axis))));
  return bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, type), shape)));
}

/** A graph that looks each token up in `table`: `last_hidden_state[text, token] = table[id]`. */
function lookupGraph(table: readonly (readonly number[])[]): Buffer {
  const raw = Buffer.from(Float32Array.from(table.flat()).buffer);
  const dims = [table.length, table[0]?.length ?? 0].map((size) => number(1, size));
  const tensor = bytes(5, ...dims, number(2, FLOAT), bytes(8, 'table'), bytes(9, raw));
  const node = bytes(
    1,
    bytes(1, 'table'),
    bytes(1, 'input_ids'),
    bytes(2, 'last_hidden_state'),
    bytes(4, 'Gather'),
  );
  const inputs = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) =>
    valueInfo(11, name, INT64, ['n', 'l']),
  );
  const output = valueInfo(12, 'last_hidden_state', FLOAT, ['n', 'l', 'd']);
  const graph = bytes(7, node, bytes(2, 'tiny'), tensor, ...inputs, output);
  return Buffer.concat([number(1, 8), graph, bytes(8, bytes(1, ''), number(2, 13))]);
}

const VOCABULARY = { '[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, card: 4, lost: 5, ask: 6 };
const TABLE = [
  [9, 9],
  [0, 1],
  [0, 0],
  [0, 0],
  [4, 0],
  [0, 4],
  [0, 0],
];

const TOKENIZER = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: null,
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: VOCABULARY,
  },
};

/** How a tiny encoder differs from the usual. */
export type TinyEncoder = {
  readonly dimensions?: number;
  readonly pooling?: 'mean' | 'first';
  readonly prefix?: string;
  readonly hasManifest?: boolean;
};

/**
 * Makes an encoder folder in a temporary place: a WordPiece tokenizer of three words and a graph that
 * answers with token vectors of two dimensions.
 */
export async function makeTinyEncoder(tiny: TinyEncoder = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tiny-encoder-'));
  await mkdir(join(folder, 'onnx'));
  await mkdir(join(folder, '1_Pooling'));
  const json: Record<string, unknown> = {
    'config.json': { hidden_size: tiny.dimensions ?? 2, max_position_embeddings: 8 },
    'tokenizer.json': TOKENIZER,
    'tokenizer_config.json': { tokenizer_class: 'BertTokenizer', model_max_length: 1e30 },
    '1_Pooling/config.json': { pooling_mode_cls_token: tiny.pooling === 'first' },
  };
  if (tiny.prefix) {
    json['config_sentence_transformers.json'] = { prompts: { query: tiny.prefix } };
  }
  const files: Record<string, { sha256: string; bytes: number }> = {};
  const contents: [string, Buffer][] = Object.entries(json).map(([name, value]) => [
    name,
    Buffer.from(JSON.stringify(value)),
  ]);
  contents.push(['onnx/model.onnx', lookupGraph(TABLE)]);
  for (const [name, content] of contents) {
    await writeFile(join(folder, name), content);
    files[name] = { sha256: sha256(content), bytes: content.length };
  }
  if (tiny.hasManifest ?? true) {
    const dimensions = tiny.dimensions ?? 2;
    const manifest = { name: 'tiny', version: '1', dimensions, maxTokens: 8, files };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  }
  return folder;
}

/** SHA-256 in hex. */
export const sha256 = (content: Buffer): string =>
  createHash('sha256').update(content).digest('hex');

/** Changes the last byte of a file. */
export async function flipLastByte(path: string): Promise<void> {
  const content = await readFile(path);
  content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
  await writeFile(path, content);
}
