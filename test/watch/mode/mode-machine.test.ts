import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { breakerLimits } from '../../../src/watch/mode/engine-breaker.ts';
import {
  dueTrials,
  initialModeState,
  type ModeInput,
  type ModeState,
  RETURN_EVERY_MS,
  step,
} from '../../../src/watch/mode/mode-machine.ts';

const limits = { local: breakerLimits(1_000), cloud: breakerLimits(1_000) };
const good = { ok: true, ms: 10 };
const bad = { ok: false, ms: 1_000 };

function run(inputs: readonly (readonly [number, ModeInput])[], cloud = true): ModeState {
  return inputs.reduce(
    (state, [tick, input]) => step(state, input, tick, limits),
    initialModeState(limits, cloud),
  );
}

const ready: ModeInput = { type: 'engine', ready: true };
const turn = (engine: 'local' | 'cloud', outcome = bad): ModeInput => ({
  type: 'turn',
  engine,
  outcome,
});
const trial = (engine: 'local' | 'cloud', outcome = good): ModeInput => ({
  type: 'trial',
  engine,
  outcome,
});

const story = suite('mode machine');

story('begins without the engine and goes to it as soon as it is ready', () => {
  assert.is(run([]).mode, 'cloud');
  assert.is(run([], false).mode, 'fallback');
  assert.is(run([[100, ready]]).mode, 'local');
});

story('leaves a failing engine at the third failure, and headquarters likewise', () => {
  const two = [
    [0, ready],
    [1, turn('local')],
    [2, turn('local')],
  ] as const;
  assert.is(run(two).mode, 'local');
  const three = [...two, [3, turn('local')]] as const;
  assert.is(run(three).mode, 'cloud');
  const away = [4, 5, 6].map((tick) => [tick, turn('cloud')] as const);
  assert.is(run([...three, ...away]).mode, 'fallback');
});

story('leaves an engine that answers too slowly, although it answers', () => {
  const slow = Array.from(
    { length: 40 },
    (_, tick) => [tick, turn('local', { ok: true, ms: 1_500 })] as const,
  );
  assert.is(run([[0, ready], ...slow]).mode, 'cloud');
});

story('is not moved by a few slow answers', () => {
  const mixed = Array.from(
    { length: 400 },
    (_, n) => [n, turn('local', { ok: true, ms: n % 40 === 0 ? 3_000 : 20 })] as const,
  );
  assert.is(run([[0, ready], ...mixed]).mode, 'local');
});

story('comes back after three good trials, and at most once a minute', () => {
  const trips = (tick: number) => [0, 1, 2].map((n) => [tick + n, turn('local')] as const);
  const heals = (tick: number) => [0, 1, 2].map((n) => [tick + n, trial('local')] as const);
  const first = [[0, ready], ...trips(100_000), ...heals(103_000)] as const;
  assert.is(run(first).mode, 'local');
  const second = [...first, ...trips(110_000), ...heals(113_000)] as const;
  assert.is(run(second).mode, 'cloud');
  assert.is(run([...second, [103_002 + RETURN_EVERY_MS, { type: 'time' }]]).mode, 'local');
});

story('asks for trials with growing pauses while the engine stays bad', () => {
  let state = run([
    [0, ready],
    [1, turn('local')],
    [2, turn('local')],
    [3, turn('local')],
  ]);
  const pauses: number[] = [];
  let tick = 3;
  for (let n = 0; n < 7; n += 1) {
    const start = tick;
    while (dueTrials(state, tick).length === 0) tick += 500;
    pauses.push(tick - start);
    state = step(state, trial('local', bad), tick, limits);
  }
  assert.equal(pauses, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
});

story('keeps its promises under any sequence of inputs', () => {
  const outcome = fc.record({ ok: fc.boolean(), ms: fc.integer({ min: 0, max: 3_000 }) });
  const engine = fc.constantFrom('local' as const, 'cloud' as const);
  const input: fc.Arbitrary<ModeInput> = fc.oneof(
    fc.constant({ type: 'time' as const }),
    fc.record({ type: fc.constant('engine' as const), ready: fc.boolean() }),
    fc.record({ type: fc.constantFrom('turn' as const, 'trial' as const), engine, outcome }),
  );
  const inputs = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), input), { maxLength: 200 });
  fc.assert(
    fc.property(inputs, fc.boolean(), (steps, cloud) => {
      let state = initialModeState(limits, cloud);
      let tick = 0;
      let returned = Number.NEGATIVE_INFINITY;
      const safety = { local: 0, cloud: 1, fallback: 2 };
      for (const [pause, next] of steps) {
        tick += pause;
        const before = state;
        state = step(before, next, tick, limits);
        if (state.mode === 'local') {
          assert.ok(state.localReady, 'local without an engine');
          assert.not(state.breakers.local.isOpen, 'local with an open breaker');
        }
        if (state.mode === 'cloud')
          assert.ok(cloud && !state.breakers.cloud.isOpen, 'cloud without headquarters');
        if (safety[state.mode] < safety[before.mode]) {
          assert.ok(tick - returned >= RETURN_EVERY_MS, 'came back twice within a minute');
          returned = tick;
        }
      }
    }),
    { numRuns: 500, seed: 20261122 },
  );
});

story('makes no false switch in 24 simulated hours of noisy load', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let state = step(initialModeState(limits, true), ready, 0, limits);
  for (let tick = 0; tick < 24 * 3_600_000; tick += 400) {
    // 1 % of the answers are ten times slower, 0.1 % fail: an ordinary bad day.
    const ms = random() < 0.01 ? 400 : 10 + random() * 60;
    state = step(state, turn('local', { ok: random() > 0.001, ms }), tick, limits);
    assert.is(state.mode, 'local');
  }
});

story.run();
