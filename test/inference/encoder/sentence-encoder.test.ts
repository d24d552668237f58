import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ModelError } from '../../../src/domain/errors.ts';
import { loadEncoderFolder } from '../../../src/inference/encoder/load-encoder-folder.ts';
import { createSentenceEncoder } from '../../../src/inference/encoder/sentence-encoder.ts';
import { makeTinyEncoder, type TinyEncoder } from './tiny-encoder.ts';

const test = suite('sentence-encoder');

async function openTiny(tiny: TinyEncoder = {}) {
  return createSentenceEncoder(await loadEncoderFolder(await makeTinyEncoder(tiny)), 1);
}

const rounded = (vectors: Float32Array): number[] =>
  Array.from(vectors, (value) => Math.round(value * 10) / 10);

test('averages token vectors without the padding and scales them to unit length', async () => {
  const encoder = await openTiny();
  const { vectors } = await encoder.encode(['card', 'card lost', 'lost lost lost']);
  assert.equal(rounded(vectors), [1, 0, 0.7, 0.7, 0, 1]);
});

test('puts the prefix before every text and takes the first token where the folder says so', async () => {
  const withPrefix = await openTiny({ prefix: 'lost ' });
  assert.equal(rounded((await withPrefix.encode(['card'])).vectors), [0.7, 0.7]);
  const first = await openTiny({ pooling: 'first' });
  assert.equal(rounded((await first.encode(['card'])).vectors), [0, 0], '[CLS] is all zeros');
});

test('cuts a long text to the tokens that the encoder takes', async () => {
  const encoder = await openTiny();
  const long = `${'card '.repeat(6)}${'lost '.repeat(500)}`;
  assert.equal(rounded((await encoder.encode([long])).vectors), [1, 0], 'six words and two marks');
});

test('says so when the graph answers with another shape', async () => {
  const encoder = await openTiny({ dimensions: 3 });
  try {
    await encoder.encode(['card']);
    assert.unreachable();
  } catch (error) {
    assert.is((error as ModelError).code, 'MODEL_OUTPUT_SHAPE');
    assert.match((error as ModelError).message, '1×3×2');
  }
});

test('says so when a graph or a tokenizer cannot be loaded', async () => {
  for (const file of ['onnx/model.onnx', 'tokenizer.json']) {
    const path = await makeTinyEncoder();
    await writeFile(join(path, file), '{"not":"a model"}');
    try {
      await createSentenceEncoder(await loadEncoderFolder(path), 1);
      assert.unreachable();
    } catch (error) {
      assert.is((error as ModelError).code, 'MODEL_LOAD_FAILED', file);
    }
  }
});

test('finds the same meaning in Chinese and English with the shipped encoder', async () => {
  const encoder = await createSentenceEncoder(await loadEncoderFolder('models/encoder'), 2);
  const texts = ['我的银行卡丢了', 'I lost my bank card', '今天天气怎么样'];
  const { vectors } = await encoder.encode(texts);
  assert.is(vectors.length, 3 * 384);
  const cosine = (a: number, b: number): number => {
    const row = (at: number) => vectors.subarray(at * 384, (at + 1) * 384);
    return row(a).reduce((sum, value, d) => sum + value * (row(b)[d] as number), 0);
  };
  assert.ok(Math.abs(cosine(0, 0) - 1) < 1e-4);
  assert.ok(cosine(0, 1) > cosine(0, 2) + 0.02, `${cosine(0, 1)} against ${cosine(0, 2)}`);
  const alone = (await encoder.encode([texts[0] as string])).vectors;
  const together = vectors.subarray(0, 384);
  const same = alone.reduce((sum, value, d) => sum + value * (together[d] as number), 0);
  assert.ok(same > 0.98, `neighbours in a batch change a vector little: cosine ${same}`);
});

test.run();
