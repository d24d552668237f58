/**
 * Compares the tokens of npm's @xenova/transformers with those of the Rust tokenizer, and loads the
 * graph in onnxruntime-node.
 *
 * Usage: node check_tokens.mjs ENCODER_FOLDER EXPECTED.json   (EXPECTED: { sentences, ids, vector })
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// Packages are looked up from the folder that this runs in, not from this file's.
const need = createRequire(pathToFileURL(join(process.cwd(), 'package.json')));
const load = async (name) => import(pathToFileURL(need.resolve(name)).href);
const VECTOR_TOLERANCE = 1e-3;

const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'));

async function countSameTokens(folder, sentences, ids) {
  const { PreTrainedTokenizer } = await load('@xenova/transformers');
  const files = ['tokenizer.json', 'tokenizer_config.json'].map((name) => readJson(join(folder, name)));
  const tokenizer = new PreTrainedTokenizer(...(await Promise.all(files)));
  let same = 0;
  for (const [index, sentence] of sentences.entries()) {
    const found = tokenizer(sentence, { return_tensor: false }).input_ids;
    if (JSON.stringify(found) === JSON.stringify(ids[index])) same += 1;
    else console.error('differs', JSON.stringify({ sentence, found, expected: ids[index] }));
  }
  return same;
}

async function largestDifference(folder, ids, vector) {
  const { InferenceSession, Tensor } = await load('onnxruntime-node');
  const session = await InferenceSession.create(join(folder, 'onnx', 'model_quantized.onnx'));
  const int64 = (values) => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  const output = await session.run({ input_ids: int64(ids), attention_mask: int64(ids.map(() => 1)) });
  const found = output.sentence_embedding.data;
  return Math.max(...vector.map((value, index) => Math.abs(value - found[index])));
}

const folder = resolve(process.argv[2]);
const { sentences, ids, vector } = await readJson(resolve(process.argv[3]));
const same = await countSameTokens(folder, sentences, ids);
console.log(`tokens: ${same} of ${sentences.length} sentences the same in @xenova/transformers`);
const difference = await largestDifference(folder, ids[0], vector);
console.log(`onnxruntime-node: loads; largest difference to Python ${difference.toExponential(1)}`);
process.exit(same === sentences.length && difference < VECTOR_TOLERANCE ? 0 : 1);
