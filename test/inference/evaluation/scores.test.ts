import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accuracy, auroc, macroF1, spearman } from '../../../src/inference/evaluation/scores.ts';

const test = suite('scores');

test('counts right labels', () => {
  assert.is(accuracy(['a', 'b', 'b', 'c'], ['a', 'b', 'c', 'c']), 0.75);
  assert.is(accuracy([], []), 0);
});

test('averages F1 over the labels that were asked for', () => {
  // a: 1; b: precision 1, recall ½ → ⅔; c: precision ½, recall 1 → ⅔.
  const f1 = macroF1(['a', 'b', 'b', 'c'], ['a', 'b', 'c', 'c']);
  assert.ok(Math.abs(f1 - (1 + 2 / 3 + 2 / 3) / 3) < 1e-12);
  assert.is(macroF1(['a'], ['never asked for']), 0);
});

test('gives the area that counting every pair gives', () => {
  const values = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, values, (inside, outside) => {
      const wins = inside.flatMap((a) => outside.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
      const expected = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
      assert.ok(Math.abs(auroc(inside, outside) - expected) < 1e-9);
    }),
    { seed: 7 },
  );
});

test('correlates ranks, ties included', () => {
  assert.is(spearman([1, 2, 3], [10, 200, 3000]), 1);
  assert.is(spearman([1, 2, 3], [3, 2, 1]), -1);
  assert.is(spearman([1, 1, 1], [1, 2, 3]), 0);
  // scipy.stats.spearmanr([1, 2, 2, 4], [1, 3, 2, 4]) = 0.9486832980505139
  assert.ok(Math.abs(spearman([1, 2, 2, 4], [1, 3, 2, 4]) - 0.948_683_298_050_513_9) < 1e-12);
});

test.run();
