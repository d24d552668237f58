import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mean, percentile, summarise } from '../../../scripts/bench/percentiles.ts';

const oneToHundred = Array.from({ length: 100 }, (_, i) => 100 - i);

test('a percentile is a value that was really seen, whatever the order', () => {
  assert.is(percentile(oneToHundred, 0.5), 50);
  assert.is(percentile(oneToHundred, 0.99), 99);
  assert.is(percentile(oneToHundred, 1), 100);
  assert.is(percentile([3, 1, 2], 0.5), 2);
  assert.is(percentile([10, 20], 0.5), 10);
});

test('one value is every percentile, and no value is none', () => {
  assert.is(percentile([7], 0.01), 7);
  assert.is(percentile([7], 0.99), 7);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});

test('numbers are ordered as numbers, and the series itself stays as it was', () => {
  const series = [100, 9, 20];
  assert.equal(summarise(series), { count: 3, p50: 20, p90: 100, p99: 100, max: 100 });
  assert.equal(series, [100, 9, 20]);
});

test('the mean of nothing is not a number', () => {
  assert.is(mean([1, 2, 6]), 3);
  assert.ok(Number.isNaN(mean([])));
});

test.run();
