import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mode } from '../../src/domain/health.ts';
import {
  dueTrials,
  initialModeState,
  type ModeInput,
  type ModeSettings,
  type ModeState,
  step,
  type TriedEngine,
} from '../../src/watch/mode-machine.ts';

const machine = suite('mode-machine');

const engine = {
  budgetMs: 100,
  failuresToTrip: 3,
  failingForMs: 1_000,
  goodTrials: 3,
  trialEveryMs: 500,
  backoffMs: 2_000,
  maxBackoffMs: 60_000,
  settledMs: 600_000,
};
const settings: ModeSettings = { local: engine, cloud: engine, returnEveryMs: 60_000 };
const SAFETY: readonly Mode[] = ['local', 'cloud', 'fallback'];
const isReturn = (from: Mode, to: Mode) => SAFETY.indexOf(to) < SAFETY.indexOf(from);

const readings = (tick: number, isEngineReady: boolean, isCloudReachable: boolean): ModeInput => ({
  type: 'readings',
  tick,
  isEngineReady,
  isCloudReachable,
});
const said = (
  type: 'answer' | 'trial',
  from: TriedEngine,
  tick: number,
  ok: boolean,
  ms = 10,
): ModeInput => ({ type, engine: from, tick, ok, ms });

const play = (state: ModeState, inputs: readonly ModeInput[]) =>
  inputs.reduce((now, input) => step(now, input, settings), state);
const failing = (from: TriedEngine, tick: number) =>
  [0, 600, 1_200].map((later) => said('answer', from, tick + later, false));
const passing = (from: TriedEngine, tick: number) =>
  [0, 600, 1_200].map((later) => said('trial', from, tick + later, true));
const running = () => play(initialModeState(0), [readings(0, true, true)]);

machine('falls back before anything is known, and comes up as soon as an engine can answer', () => {
  assert.is(initialModeState(0).mode, 'fallback');
  assert.is(play(initialModeState(0), [readings(1, true, false)]).mode, 'local');
  assert.is(play(initialModeState(0), [readings(1, false, true)]).mode, 'cloud');
  assert.is(play(initialModeState(0), [readings(1, false, false)]).mode, 'fallback');
});

machine(
  'does not wait at the start for the engine that loads after headquarters was reached',
  () => {
    const up = play(initialModeState(0), [readings(100, false, true), readings(2_000, true, true)]);
    assert.is(up.mode, 'local');
    assert.is(up.why, 'local:ready');
    const relapsed = play(up, [
      ...failing('local', 3_000),
      ...passing('local', 10_000),
      readings(20_000, true, true),
    ]);
    assert.is(relapsed.mode, 'cloud', 'afterwards coming back waits');
  },
);

machine('leaves a failing engine at once, for headquarters and then for the keyword list', () => {
  const away = play(running(), failing('local', 1_000));
  assert.is(away.mode, 'cloud');
  assert.is(away.why, 'local:failures');
  assert.is(away.changedTick, 2_200);
  const both = play(away, failing('cloud', 3_000));
  assert.is(both.mode, 'fallback');
  assert.is(both.why, 'cloud:failures');
});

machine('leaves an engine that is gone and a headquarters that cannot be reached at once', () => {
  const gone = play(running(), [readings(5_000, false, true)]);
  assert.is(gone.mode, 'cloud');
  assert.is(gone.why, 'local:away');
  assert.is(play(gone, [readings(6_000, false, false)]).mode, 'fallback');
});

machine('comes back only when an engine that was gone has passed its trials', () => {
  const back = play(running(), [readings(5_000, false, true), readings(6_000, true, true)]);
  assert.is(back.mode, 'cloud');
  assert.equal(dueTrials(back, 6_999), []);
  assert.equal(dueTrials(back, 7_000), ['local']);
  const two = play(back, passing('local', 70_000).slice(0, 2));
  assert.is(two.mode, 'cloud');
  const three = play(two, [said('trial', 'local', 72_000, true)]);
  assert.is(three.mode, 'local');
  assert.is(three.why, 'local:recovered');
});

machine('comes back at most once a minute, and leaves again at once', () => {
  let state = play(running(), [...failing('local', 1_000), ...passing('local', 10_000)]);
  assert.is(state.mode, 'local');
  assert.is(state.lastReturnTick, 11_200);
  state = play(state, failing('local', 12_000));
  assert.is(state.mode, 'cloud');
  state = play(state, passing('local', 20_000));
  assert.is(state.mode, 'cloud', 'good again, but too soon');
  assert.is(play(state, [readings(71_199, true, true)]).mode, 'cloud');
  assert.is(play(state, [readings(71_200, true, true)]).mode, 'local');
});

machine('never tries an engine that cannot answer at all', () => {
  const state = play(running(), [readings(1_000, false, false)]);
  assert.equal(dueTrials(state, 1_000_000), []);
  assert.equal(dueTrials(play(state, [readings(1_001, true, true)]), 1_000_000), [
    'local',
    'cloud',
  ]);
});

const gaps = fc.integer({ min: 0, max: 20_000 });
const engines = fc.constantFrom<TriedEngine>('local', 'cloud');
type Happening = (tick: number) => ModeInput;
const happenings: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.tuple(fc.boolean(), fc.boolean()).map(
      ([isReady, isReachable]): Happening =>
        (tick) =>
          readings(tick, isReady, isReachable),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(fc.constantFrom('answer', 'trial', 'trial'), engines, fc.boolean()).map(
      ([type, from, ok]): Happening =>
        (tick) =>
          said(type, from, tick, ok),
    ),
  },
);

/** Follows a machine from outside and holds it to its promises. */
class Witness {
  returns = 0;
  #lastReturnTick = Number.NEGATIVE_INFINITY;
  #hasComeUp = false;
  /** Good trials in a row since an engine was taken out of service. */
  readonly #good = { local: 3, cloud: 3 };

  watch(before: ModeState, input: ModeInput, after: ModeState): void {
    for (const one of ['local', 'cloud'] as const) this.#countTrial(one, before, input, after);
    this.#checkMode(after);
    this.#checkReturn(before.mode, input.tick, after.mode);
  }

  #countTrial(one: TriedEngine, before: ModeState, input: ModeInput, after: ModeState): void {
    if (after[one].isOpen && !before[one].isOpen) this.#good[one] = 0;
    if (input.type !== 'trial' || input.engine !== one || !before[one].isOpen) return;
    this.#good[one] = input.ok ? this.#good[one] + 1 : 0;
  }

  #checkMode({ mode, isEngineReady, isCloudReachable, local, cloud }: ModeState): void {
    if (mode === 'local') assert.ok(isEngineReady && !local.isOpen && this.#good.local >= 3);
    if (mode === 'cloud') assert.ok(isCloudReachable && !cloud.isOpen && this.#good.cloud >= 3);
  }

  #checkReturn(from: Mode, tick: number, to: Mode): void {
    const comesUp = to === 'local' && !this.#hasComeUp;
    this.#hasComeUp ||= comesUp;
    if (!isReturn(from, to) || comesUp) return;
    assert.ok(
      tick - this.#lastReturnTick >= 60_000,
      `back after ${tick - this.#lastReturnTick} ms`,
    );
    this.#lastReturnTick = tick;
    this.returns++;
  }
}

machine('keeps its promises whatever happens', () => {
  let returns = 0;
  const script = fc.array(fc.tuple(gaps, happenings), { maxLength: 120, size: 'max' });
  fc.assert(
    fc.property(script, (steps) => {
      const witness = new Witness();
      let state = initialModeState(0);
      let tick = 0;
      for (const [gap, happening] of steps) {
        tick += gap;
        const before = state;
        state = step(before, happening(tick), settings);
        witness.watch(before, happening(tick), state);
      }
      returns += witness.returns;
    }),
    { numRuns: 400 },
  );
  assert.ok(returns > 50, `the property saw ${returns} returns`);
});

/** Repeatable noise (mulberry32), so that a failure can be looked at. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A day of turns, about one a second: 1 % slow, 0.2 % failed, and a stall of a second every hour. */
function* noisyDay(seed: number): Generator<ModeInput> {
  const random = noise(seed);
  for (let tick = 1_000; tick < 86_400_000; tick += 200 + random() * 1_600) {
    const isStalled = tick % 3_600_000 < 1_000;
    const isSlow = isStalled || random() < 0.01;
    yield said('answer', 'local', tick, random() > 0.002, isSlow ? 400 : 5 + random() * 60);
    if (isStalled) for (let i = 0; i < 60; i++) yield said('answer', 'local', tick, false, 400);
  }
}

machine('makes no false switch in 24 hours of noisy load', () => {
  for (const seed of [1, 2, 3]) {
    let state = running();
    for (const input of noisyDay(seed)) {
      state = step(state, input, settings);
      assert.is(state.mode, 'local', `seed ${seed}: ${state.why} at ${input.tick} ms`);
    }
  }
});

machine('sees through the same noise that the engine has become too slow', () => {
  let state = running();
  let slowSince = 0;
  for (const input of noisyDay(4)) {
    const isLate = input.tick > 43_200_000;
    if (isLate && slowSince === 0) slowSince = input.tick;
    const heard = isLate && input.type === 'answer' ? { ...input, ok: true, ms: 400 } : input;
    state = step(state, heard, settings);
    if (state.mode !== 'local') break;
  }
  assert.is(state.why, 'local:slow');
  assert.ok(state.changedTick - slowSince < 45_000, `${state.changedTick - slowSince} ms`);
});

machine.run();
