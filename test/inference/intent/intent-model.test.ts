import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readText } from '../../../src/inference/intent/intent-model.ts';
import {
  decodeIntentModel,
  encodeIntentModel,
  keyOfModel,
  readModelFile,
  writeModelFile,
} from '../../../src/inference/intent/intent-model-file.ts';
import { createRandom } from '../../../src/inference/intent/train-intent-head.ts';
import {
  type TrainingJob,
  trainIntentModel,
} from '../../../src/inference/intent/train-intent-model.ts';
import { findNearest, findNearestBetween } from '../../../src/inference/intent/vector-index.ts';

const test = suite('intent-model');
const DIMENSIONS = 8;
const random = createRandom(11);

/** A vector near the axis that stands for an intent. */
function vectorNear(axis: number): number[] {
  return Array.from(
    { length: DIMENSIONS },
    (_, d) => (d === axis ? 1 : 0) + 0.3 * (random() - 0.5),
  );
}

const WORDS = ['lost card', '密码忘了', 'opening hours'];
const INTENTS = ['card.lost', 'pin.forgotten', 'branch.hours'];
const rows = Array.from({ length: 60 }, (_, at) => at % 3);
const job: TrainingJob = {
  dimensions: DIMENSIONS,
  training: {
    texts: rows.map((axis, at) => ({
      intent: INTENTS[axis] as string,
      text: `${WORDS[axis]} ${at}`,
    })),
    vectors: Float32Array.from(rows.flatMap(vectorNear)),
  },
  calibration: { texts: [], vectors: new Float32Array() },
  statedErrorRate: 0.05,
};
const { model, heldOut } = trainIntentModel(job);

test('reads intent, probability and nearest utterance of a new text', () => {
  const reading = readText(model, '忘了密码', Float32Array.from(vectorNear(1)));
  assert.is(reading.candidates[0]?.intent, 'pin.forgotten');
  assert.is(reading.candidates.length, 3);
  assert.ok((reading.candidates[0]?.probability ?? 0) > 0.8);
  assert.is(reading.nearest?.intent, 'pin.forgotten');
  assert.match(reading.nearest?.text ?? '', '密码忘了');
  assert.ok((reading.nearest?.similarity ?? 0) > 0.8);
});

test('finds a strange text less familiar', () => {
  const known = readText(model, 'lost card 3', Float32Array.from(vectorNear(0)));
  const strange = readText(model, 'zzz', Float32Array.from(vectorNear(7)));
  assert.ok(known.familiarity > strange.familiarity + 1);
});

test('reads a text that is empty or has no known n-gram', () => {
  for (const text of ['', '☃']) {
    const { candidates } = readText(model, text, new Float32Array(DIMENSIONS));
    assert.is(candidates.length, 3);
    assert.ok(candidates.every(({ probability }) => Number.isFinite(probability)));
  }
});

test('judges every training text by a head that has not seen it, when nothing else is held out', () => {
  assert.is(heldOut.length, rows.length);
  assert.ok(model.thresholds.absolute < 1);
});

test('fits the thresholds on calibration texts and counts unknown intents as fitting nothing', () => {
  const calibrated = trainIntentModel({
    ...job,
    calibration: {
      texts: [
        { intent: 'card.lost', text: 'card lost' },
        { intent: 'not.trained', text: 'poem' },
      ],
      vectors: Float32Array.from([0, 7].flatMap(vectorNear)),
    },
  });
  assert.equal(
    calibrated.heldOut.map(({ rank }) => rank),
    [0, null],
  );
});

test('learns what fits nothing, and judges those texts by heads that have not seen them', () => {
  const strangers = Array.from({ length: 20 }, (_, at) => ({
    intent: null,
    text: `weather ${at}`,
  }));
  const calibrated = trainIntentModel({
    ...job,
    calibration: {
      texts: [{ intent: 'card.lost', text: 'card lost' }, ...strangers],
      vectors: Float32Array.from([0, ...strangers.map(() => 6)].flatMap(vectorNear)),
    },
  });
  assert.is(calibrated.heldOut.length, 21);
  const again = decodeIntentModel(encodeIntentModel(calibrated.model));
  const stranger = readText(again, 'weather', Float32Array.from(vectorNear(6)));
  const known = readText(again, 'lost card', Float32Array.from(vectorNear(0)));
  const sum = (reading: typeof known) =>
    reading.candidates.reduce((all, c) => all + c.probability, 0);
  assert.is(stranger.candidates.length, 3, '"none of these" is no candidate');
  assert.ok(sum(stranger) < 0.3, `${sum(stranger)}`);
  assert.ok(sum(known) > 0.7, `${sum(known)}`);
});

test('trains the same model from the same job', () => {
  assert.equal(encodeIntentModel(trainIntentModel(job).model), encodeIntentModel(model));
});

test('reads back what it wrote', () => {
  const again = decodeIntentModel(encodeIntentModel(model));
  assert.equal(again.labels, model.labels);
  assert.equal(again.thresholds, model.thresholds);
  const vector = Float32Array.from(vectorNear(2));
  assert.equal(readText(again, 'when open', vector), readText(model, 'when open', vector));
});

test('reads bytes that do not begin at a multiple of eight', () => {
  const bytes = encodeIntentModel(model);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  assert.equal(decodeIntentModel(shifted.subarray(3)).labels, model.labels);
});

test('refuses bytes that changed anywhere, are cut, or are none', () => {
  const bytes = encodeIntentModel(model);
  for (const at of [0, 5, 100, bytes.length >> 1, bytes.length - 1]) {
    const changed = bytes.slice();
    changed[at] = (changed[at] as number) ^ 4;
    assert.throws(() => decodeIntentModel(changed), 'MODEL_LOAD_FAILED', `byte ${at}`);
  }
  assert.throws(() => decodeIntentModel(bytes.slice(0, 1000)), 'MODEL_LOAD_FAILED');
  assert.throws(() => decodeIntentModel(new Uint8Array()), 'MODEL_LOAD_FAILED');
});

test('keeps the newest files and leaves no temporary one', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'models-')), 'new');
  const keys = Array.from({ length: 5 }, () => randomBytes(4).toString('hex'));
  for (const key of keys) {
    await writeModelFile(folder, key, encodeIntentModel(model));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(
    (await readdir(folder)).sort(),
    keys
      .slice(2)
      .map((key) => `intents-${key}.bin`)
      .sort(),
  );
  const bytes = await readModelFile(folder, keys[4] as string);
  assert.equal(bytes && decodeIntentModel(bytes).labels, model.labels);
  assert.is(await readModelFile(folder, 'unknown'), null);
  assert.is((await stat(join(folder, `intents-${keys[4]}.bin`))).mode & 0o777, 0o600);
});

test('says so when a model cannot be stored', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'models-')), 'a-file');
  await writeFile(file, '');
  try {
    await writeModelFile(join(file, 'below'), 'key', new Uint8Array());
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'MODEL_LOAD_FAILED');
  }
});

test('has another key for another encoder, text, label, order of the error rate or format', () => {
  const recipe = {
    encoderFingerprint: 'a',
    training: [{ intent: 'x', text: 'y' }],
    calibration: [{ intent: null, text: 'z' }],
    statedErrorRate: 0.05,
  };
  const key = keyOfModel(recipe);
  assert.is(keyOfModel(structuredClone(recipe)), key);
  const others = [
    { ...recipe, encoderFingerprint: 'b' },
    { ...recipe, training: [{ intent: 'x', text: 'yy' }] },
    { ...recipe, training: [{ intent: 'xx', text: 'y' }] },
    { ...recipe, calibration: [] },
    { ...recipe, statedErrorRate: 0.1 },
  ];
  assert.is(new Set([key, ...others.map(keyOfModel)]).size, 6);
});

test('finds the nearest vectors exactly', () => {
  const count = 50;
  const vectors = Float32Array.from({ length: count * 6 }, () => random() - 0.5);
  const query = Float32Array.from({ length: 6 }, () => random() - 0.5);
  const all = Array.from({ length: count }, (_, row) => {
    const dot = query.reduce((sum, x, d) => sum + x * (vectors[row * 6 + d] as number), 0);
    return { row, dot };
  }).sort((a, b) => b.dot - a.dot);
  const index = { dimensions: 6, vectors };
  const rowsOf = (found: { row: number }[]) => found.map(({ row }) => row);
  assert.equal(rowsOf(findNearest(index, query, 7)), rowsOf(all.slice(0, 7)));
  assert.equal(rowsOf(findNearest(index, query, 100)), rowsOf(all));
  const between = all.filter(({ row }) => row >= 10 && row < 20);
  assert.is(findNearestBetween(index, query, 10, 20).row, between[0]?.row);
});

test.run();
