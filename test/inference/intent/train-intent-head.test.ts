import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createRandom,
  scoreFeatures,
  softmaxInPlace,
  type TrainingRow,
  trainIntentHead,
} from '../../../src/inference/intent/train-intent-head.ts';

const test = suite('train-intent-head');
const OPTIONS = { inverseRegularisation: 1, epochs: 200, tolerance: 1e-7, seed: 1 };

/** Three overlapping clouds in five dimensions. */
function makeRows(count: number): TrainingRow[] {
  const random = createRandom(5);
  return Array.from({ length: count }, (_, at) => {
    const label = at % 3;
    const values = Float32Array.from({ length: 5 }, (_, d) => random() + (d === label ? 0.4 : 0));
    return { label, features: { indices: Uint32Array.from([0, 1, 2, 3, 4]), values } };
  });
}

test('reaches the optimum: the gradient of the regularised loss is zero', () => {
  const rows = makeRows(90);
  const weights = trainIntentHead(rows, 3, 5, OPTIONS);
  const gradient = weights.values.slice();
  const scores = new Float32Array(3);
  for (const { label, features } of rows) {
    scoreFeatures(weights, features, scores);
    softmaxInPlace(scores);
    for (let d = 0; d < 5; d += 1) {
      for (let l = 0; l < 3; l += 1) {
        const error = (scores[l] as number) - (l === label ? 1 : 0);
        gradient[d * 3 + l] =
          (gradient[d * 3 + l] as number) + error * (features.values[d] as number);
      }
    }
  }
  const largest = Math.max(...gradient.map(Math.abs));
  assert.ok(Math.max(...weights.values) > 0.5, 'the weights are not zero');
  assert.ok(largest < 0.02, `largest component ${largest}`);
});

test('gives the same weights for the same seed, and nearly the same for another', () => {
  const rows = makeRows(60);
  const first = trainIntentHead(rows, 3, 5, OPTIONS).values;
  assert.equal(trainIntentHead(rows, 3, 5, OPTIONS).values, first);
  const other = trainIntentHead(rows, 3, 5, { ...OPTIONS, seed: 2 }).values;
  assert.not.equal(other, first);
  for (const [at, value] of other.entries()) {
    assert.ok(Math.abs(value - (first[at] as number)) < 0.01);
  }
});

test('scores any number of features alike', () => {
  const values = Float32Array.from({ length: 14 }, (_, at) => at - 5);
  const scores = new Float32Array(2);
  for (let count = 0; count <= 7; count += 1) {
    const indices = Uint32Array.from({ length: count }, (_, at) => 6 - at);
    const x = Float32Array.from({ length: count }, (_, at) => at + 1);
    scoreFeatures({ labels: 2, values }, { indices, values: x }, scores);
    const expected = [0, 1].map((label) =>
      [...indices].reduce(
        (sum, f, at) => sum + (x[at] as number) * (values[f * 2 + label] as number),
        0,
      ),
    );
    assert.equal([...scores], expected, `${count} features`);
  }
});

test('turns large logits into probabilities without overflow', () => {
  const scores = Float32Array.from([1000, 1000, -1000]);
  const total = softmaxInPlace(scores);
  assert.equal([...scores], [0.5, 0.5, 0]);
  assert.ok(Math.abs(total - (1000 + Math.log(2))) < 1e-6);
});

test.run();
