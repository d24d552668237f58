import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { planArrivals } from '../../../scripts/bench/arrival-schedule.ts';
import { createRandom, shuffle } from '../../../scripts/bench/seeded-random.ts';

const RATE = 150;
const DURATION_MS = 100_000;

test('the same seed plans the same arrivals, another seed others', () => {
  const plan = (seed: number) => planArrivals(RATE, 1_000, createRandom(seed));
  assert.equal(plan(1), plan(1));
  assert.not.equal(plan(1), plan(2));
});

test('arrivals come in order, inside the time, and as many as the rate says', () => {
  const arrivals = planArrivals(RATE, DURATION_MS, createRandom(1));
  const expected = (RATE * DURATION_MS) / 1000;
  assert.ok(arrivals.every((at, i) => at > (arrivals[i - 1] ?? 0) && at < DURATION_MS));
  // A Poisson count strays by its square root; four times that is 1 in 16,000.
  assert.ok(Math.abs(arrivals.length - expected) < 4 * Math.sqrt(expected), `${arrivals.length}`);
});

test('gaps are exponential: they stray as far as they are long', () => {
  const arrivals = planArrivals(RATE, DURATION_MS, createRandom(1));
  const gaps = arrivals.map((at, i) => at - (arrivals[i - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  assert.ok(Math.abs(mean - 1000 / RATE) < 0.3, `mean ${mean}`);
  assert.ok(Math.abs(deviation / mean - 1) < 0.05, `deviation ${deviation / mean} × mean`);
});

test('random numbers fill [0, 1) evenly', () => {
  const random = createRandom(42);
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i += 1) {
    const value = random();
    assert.ok(value >= 0 && value < 1);
    const tenth = Math.floor(value * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  assert.ok(
    tenths.every((count) => count > 850 && count < 1_150),
    `${tenths}`,
  );
});

test('shuffling keeps everything and follows the seed', () => {
  const things = Array.from({ length: 50 }, (_, i) => i);
  const mixed = shuffle(things, createRandom(3));
  assert.not.equal(mixed, things);
  assert.equal(mixed, shuffle(things, createRandom(3)));
  assert.equal(
    mixed.toSorted((a, b) => a - b),
    things,
  );
});

test.run();
