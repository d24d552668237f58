import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ModelError } from '../../../src/domain/errors.ts';
import {
  loadEncoderFolder,
  verifyEncoderFolder,
} from '../../../src/inference/encoder/load-encoder-folder.ts';
import { flipLastByte, makeTinyEncoder } from './tiny-encoder.ts';

const test = suite('load-encoder-folder');

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    assert.instance(error, ModelError);
    return (error as ModelError).code;
  }
}

test('reads prefix, pooling, size and limits of the shipped encoder', async () => {
  const folder = await loadEncoderFolder('models/encoder');
  assert.is(folder.dimensions, 384);
  assert.is(folder.maxTokens, 128, 'the service cuts texts shorter than the encoder could take');
  assert.is(folder.pooling, 'mean');
  assert.match(folder.graph, /^onnx\/.*\.onnx$/);
  await verifyEncoderFolder(folder);
});

test('reads a folder that someone else made', async () => {
  const path = await makeTinyEncoder({ prefix: 'ask ', pooling: 'first' });
  const folder = await loadEncoderFolder(path);
  assert.is(folder.prefix, 'ask ');
  assert.is(folder.pooling, 'first');
  assert.is(folder.maxTokens, 8);
  await verifyEncoderFolder(folder);
});

test('takes a folder without manifest only when told to', async () => {
  const path = await makeTinyEncoder({ hasManifest: false });
  assert.is(await codeOf(loadEncoderFolder(path)), 'MODEL_MISSING');
  const folder = await loadEncoderFolder(path, { allowUnverified: true });
  assert.is(folder.dimensions, 2);
  await flipLastByte(join(path, 'onnx/model.onnx'));
  const changed = await loadEncoderFolder(path, { allowUnverified: true });
  assert.is.not(changed.fingerprint, folder.fingerprint, 'another graph is another encoder');
});

test('refuses a file with a changed byte, another size, or none', async () => {
  const path = await makeTinyEncoder();
  const folder = await loadEncoderFolder(path);
  await flipLastByte(join(path, 'tokenizer.json'));
  assert.is(await codeOf(verifyEncoderFolder(folder)), 'MODEL_HASH_MISMATCH');
  await writeFile(join(path, 'tokenizer.json'), '{}');
  assert.is(await codeOf(verifyEncoderFolder(folder)), 'MODEL_HASH_MISMATCH');
  await rm(join(path, 'tokenizer.json'));
  assert.is(await codeOf(verifyEncoderFolder(folder)), 'MODEL_MISSING');
});

test('refuses a graph that the manifest does not list', async () => {
  const path = await makeTinyEncoder();
  await writeFile(join(path, 'onnx/model_quantized.onnx'), 'not vouched for');
  assert.is(await codeOf(loadEncoderFolder(path)), 'MODEL_HASH_MISMATCH');
});

test('names what is wrong with a folder', async () => {
  assert.is(await codeOf(loadEncoderFolder('/nowhere')), 'MODEL_MISSING');
  const path = await makeTinyEncoder();
  await writeFile(join(path, 'config.json'), '{"hidden_size":"wide"}');
  assert.is(await codeOf(loadEncoderFolder(path)), 'MODEL_LOAD_FAILED');
  await writeFile(join(path, 'config.json'), '{');
  assert.is(await codeOf(loadEncoderFolder(path)), 'MODEL_LOAD_FAILED');
});

test('refuses a manifest that reaches outside its folder', async () => {
  const path = await makeTinyEncoder();
  const file = { sha256: '0'.repeat(64), bytes: 1 };
  const manifest = { name: 'x', version: '1', dimensions: 2, maxTokens: 8 };
  for (const name of ['../secret', '/etc/passwd']) {
    const text = JSON.stringify({ ...manifest, files: { [name]: file } });
    await writeFile(join(path, 'manifest.json'), text);
    assert.is(await codeOf(loadEncoderFolder(path)), 'MODEL_LOAD_FAILED');
  }
});

test.run();
