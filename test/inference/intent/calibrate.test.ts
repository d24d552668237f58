import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  chooseThresholds,
  fitScale,
  type JudgedTurn,
  judge,
  NEVER_ANSWER,
  type ScoredText,
  toProbabilities,
} from '../../../src/inference/intent/calibrate.ts';
import { createRandom } from '../../../src/inference/intent/train-intent-head.ts';

const test = suite('calibrate');

const turns = (maxLength: number, minLength = 0) =>
  fc.array(
    fc.record({
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
      margin: fc.double({ min: 0, max: 1, noNaN: true }),
      rank: fc.option(fc.nat(5), { nil: null, freq: 5 }),
    }),
    { minLength, maxLength },
  );
const rate = fc.double({ min: 0.01, max: 0.3, noNaN: true });

const answered = (all: readonly JudgedTurn[], t: { absolute: number; margin: number }) =>
  all.filter(({ probability, margin }) => probability >= t.absolute && margin >= t.margin);
const wrongIn = (all: readonly JudgedTurn[]) => all.filter(({ rank }) => rank !== 0).length;

test('never lets more wrong answers through than stated', () => {
  fc.assert(
    fc.property(turns(300), rate, (all, stated) => {
      const thresholds = chooseThresholds(all, stated);
      const through = answered(all, thresholds);
      assert.ok(wrongIn(through) <= stated * through.length);
    }),
    { numRuns: 300, seed: 7 },
  );
});

test('answers no fewer when more errors are allowed', () => {
  fc.assert(
    fc.property(turns(320, 300), fc.double({ min: 0.02, max: 0.3, noNaN: true }), (all, stated) => {
      const strict = answered(all, chooseThresholds(all, stated)).length;
      const lax = answered(all, chooseThresholds(all, stated * 2)).length;
      assert.ok(lax >= strict);
    }),
    { numRuns: 100, seed: 7 },
  );
});

test('keeps choices below answers and no threshold below 0', () => {
  fc.assert(
    fc.property(turns(100), rate, (all, stated) => {
      const { absolute, margin, choose } = chooseThresholds(all, stated);
      assert.ok(choose <= absolute);
      for (const value of [absolute, margin, choose]) assert.ok(value >= 0 && value <= 1.01);
    }),
    { numRuns: 200, seed: 7 },
  );
});

const turn = (probability: number, rank: number | null, margin = 0.9): JudgedTurn => ({
  probability,
  margin,
  rank,
});

test('answers everything when everything is right, nothing when all is wrong', () => {
  const right = Array.from({ length: 100 }, (_, at) => turn(0.3 + at / 200, 0));
  assert.is(answered(right, chooseThresholds(right, 0.05)).length, 100);
  const wrong = right.map((one) => ({ ...one, rank: null }));
  assert.equal(chooseThresholds(wrong, 0.05), NEVER_ANSWER);
  assert.equal(chooseThresholds([], 0.05), NEVER_ANSWER);
});

test('asks for evidence: one error in 60 shows no rate of 5 %, one in 100 does', () => {
  const sample = (count: number) =>
    Array.from({ length: count }, (_, at) => turn(at === 0 ? 0.4 : 0.8, at === 0 ? 1 : 0));
  const small = sample(61);
  assert.is(answered(small, chooseThresholds(small, 0.05)).length, 60);
  const large = sample(101);
  assert.is(answered(large, chooseThresholds(large, 0.05)).length, 101);
});

test('uses the observed rate where the sample is too small for any bound', () => {
  const few = Array.from({ length: 20 }, () => turn(0.7, 0));
  assert.is(answered(few, chooseThresholds(few, 0.05)).length, 20);
});

test('uses the margin when the two best are often mistaken for each other', () => {
  const clear = Array.from({ length: 100 }, () => turn(0.5, 0, 0.4));
  const close = Array.from({ length: 100 }, (_, at) => turn(0.55, at % 2, 0.04));
  const thresholds = chooseThresholds([...clear, ...close], 0.05);
  assert.is(answered([...clear, ...close], thresholds).length, 100);
  assert.ok(thresholds.margin >= 0.05);
});

test('offers choices down to where they mislead more often than they help', () => {
  const sure = Array.from({ length: 100 }, () => turn(0.9, 0));
  const useful = Array.from({ length: 50 }, (_, at) => turn(0.4, at % 5 === 0 ? null : 2));
  const hopeless = Array.from({ length: 20 }, () => turn(0.1, null));
  const { absolute, choose } = chooseThresholds([...sure, ...useful, ...hopeless], 0.05);
  assert.is(absolute, 0.9);
  assert.is(choose, 0.4);
});

/** Texts whose logits are `factor` times too sharp, some of which fit nothing. */
function overconfident(factor: number, outside: number): ScoredText[] {
  const random = createRandom(3);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
  const inside = Array.from({ length: 1500 }, () => {
    const honest = Float32Array.from({ length: 4 }, () => 2 * normal());
    const probabilities = toProbabilities({ temperature: 1, rejectBias: null }, honest);
    let at = random();
    const label = probabilities.findIndex((p) => {
      at -= p;
      return at < 0;
    });
    return { logits: honest.map((z) => z * factor), label: Math.max(0, label) };
  });
  if (outside === 0) return inside;
  const withReject = inside.map(({ logits, label }) => ({
    logits: Float32Array.from([...logits, factor * (normal() - 4)]),
    label,
  }));
  const strangers = Array.from({ length: outside }, () => ({
    logits: Float32Array.from({ length: 5 }, () => factor * (normal() - 3)),
    label: null,
  }));
  return [...withReject, ...strangers];
}

test('finds the temperature that makes probabilities honest', () => {
  for (const factor of [0.5, 3]) {
    const texts = overconfident(factor, 0);
    const scale = fitScale(texts, false);
    assert.ok(Math.abs(scale.temperature / factor - 1) < 0.15, `${scale.temperature}`);
    assert.is(scale.rejectBias, null);
    const judged = texts.map((text) => judge(scale, text));
    const promised = judged.reduce((sum, { probability }) => sum + probability, 0);
    const kept = judged.filter(({ rank }) => rank === 0).length;
    assert.ok(Math.abs(promised - kept) / judged.length < 0.03);
  }
});

test('balances the class "none of these" with how many texts fit nothing', () => {
  const texts = overconfident(2, 500);
  const scale = fitScale(texts, true);
  const rejected = texts.map(
    ({ logits }) => 1 - toProbabilities(scale, logits).reduce((sum, p) => sum + p, 0),
  );
  const expected = rejected.reduce((sum, p) => sum + p, 0);
  assert.ok(Math.abs(expected - 500) < 5, `${expected} texts expected to fit nothing`);
  const meanOf = (values: number[]) => values.reduce((sum, p) => sum + p, 0) / values.length;
  const inside = meanOf(rejected.filter((_, at) => texts[at]?.label !== null));
  const outside = meanOf(rejected.filter((_, at) => texts[at]?.label === null));
  assert.ok(outside > inside + 0.3, `${outside} against ${inside}`);
});

test('leaves logits as they are without a held-out text', () => {
  assert.equal(fitScale([], false), { temperature: 1, rejectBias: null });
  assert.equal(fitScale([], true), { temperature: 1, rejectBias: 0 });
  const stranger = { logits: Float32Array.from([1, 2]), label: null };
  assert.equal(fitScale([stranger], false), { temperature: 1, rejectBias: null });
});

test('gives probabilities that sum to at most 1 and keep the order of the logits', () => {
  const logit = fc.double({ min: -30, max: 30, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(logit, { minLength: 2, maxLength: 8 }),
      fc.double({ min: 0.05, max: 20, noNaN: true }),
      fc.option(logit, { nil: null }),
      (values, temperature, rejectBias) => {
        const logits = Float32Array.from(values);
        const found = toProbabilities({ temperature, rejectBias }, logits);
        assert.ok(found.reduce((a, b) => a + b, 0) <= 1 + 1e-5);
        for (const [a, p] of found.entries()) {
          for (const [b, q] of found.entries()) {
            if ((logits[a] as number) > (logits[b] as number)) assert.ok(p >= q);
          }
        }
      },
    ),
    { numRuns: 300, seed: 7 },
  );
});

test.run();
