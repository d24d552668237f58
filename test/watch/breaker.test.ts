import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Answer,
  type Breaker,
  type BreakerSettings,
  closedBreaker,
  countAnswer,
  countTrial,
  isTrialDue,
  trip,
} from '../../src/watch/breaker.ts';

const breaking = suite('breaker');

const settings: BreakerSettings = {
  budgetMs: 100,
  failuresToTrip: 3,
  failingForMs: 1_000,
  goodTrials: 3,
  trialEveryMs: 500,
  backoffMs: 2_000,
  maxBackoffMs: 10_000,
  settledMs: 60_000,
};

const answers = (breaker: Breaker, all: readonly Answer[]) =>
  all.reduce((state, answer) => countAnswer(state, answer, settings), breaker);
const good = (tick: number) => ({ ok: true, ms: 10, tick });
const bad = (tick: number) => ({ ok: false, ms: 10, tick });
const slow = (tick: number) => ({ ok: true, ms: 101, tick });

breaking('trips on failures in a row that last, not on one stall that fails all at once', () => {
  const stall = Array.from({ length: 64 }, () => bad(0));
  assert.not.ok(answers(closedBreaker(0), stall).isOpen);
  assert.not.ok(answers(closedBreaker(0), [bad(0), bad(500), good(900), bad(1_000)]).isOpen);
  const tripped = answers(closedBreaker(0), [bad(0), bad(500), bad(1_000)]);
  assert.ok(tripped.isOpen);
  assert.is(tripped.tripReason, 'failures');
});

breaking('trips when more is slow than a 95th percentile in budget allows', () => {
  const at = (i: number) => i * 1_000;
  const every = (n: number, count: number) =>
    Array.from({ length: count }, (_, i) => (i % n === n - 1 ? slow(at(i)) : good(at(i))));
  assert.not.ok(answers(closedBreaker(0), every(20, 600)).isOpen, '5 % slow is in budget');
  assert.is(answers(closedBreaker(0), every(5, 600)).tripReason, 'slow', '20 % is not');
  const allSlow = Array.from({ length: 10 }, (_, i) => slow(at(i)));
  assert.ok(answers(closedBreaker(0), allSlow).isOpen);
  assert.not.ok(answers(closedBreaker(0), allSlow.slice(0, 9)).isOpen, 'too few to tell');
});

breaking('weighs a stall under full load no more than one on a quiet day', () => {
  const load = Array.from({ length: 6_000 }, (_, i) => {
    const tick = i * 10;
    return tick >= 30_000 && tick < 31_000 ? slow(tick) : good(tick);
  });
  assert.not.ok(answers(closedBreaker(0), load).isOpen);
});

breaking('forgets slow answers of long ago', () => {
  const old = Array.from({ length: 9 }, (_, i) => slow(i * 1_000));
  const later = Array.from({ length: 9 }, (_, i) => good(3_600_000 + i * 1_000));
  assert.is(answers(closedBreaker(0), [...old, ...later]).slots.length, 9);
});

breaking('comes back after good trials in a row, none of them before its time', () => {
  let state = trip(closedBreaker(0), 'failures', 10_000, settings);
  assert.not.ok(isTrialDue(state, 11_999));
  assert.ok(isTrialDue(state, 12_000));
  state = countTrial(state, good(12_000), settings);
  state = countTrial(state, good(12_500), settings);
  state = countTrial(state, slow(13_000), settings);
  assert.is(state.goodTrials, 0, 'a slow trial is a bad one');
  for (const tick of [20_000, 20_500]) state = countTrial(state, good(tick), settings);
  assert.ok(state.isOpen);
  assert.not.ok(countTrial(state, good(21_000), settings).isOpen);
});

breaking('waits longer after each bad trial and each relapse, until it has settled', () => {
  let state = trip(closedBreaker(0), 'failures', 0, settings);
  const waits = [state.backoffMs];
  for (let i = 0; i < 4; i++) {
    state = countTrial(state, bad(state.nextTrialTick), settings);
    waits.push(state.backoffMs);
  }
  assert.equal(waits, [2_000, 4_000, 8_000, 10_000, 10_000]);

  const healed = (from: Breaker, tick: number) =>
    [0, 1, 2].reduce((one, i) => countTrial(one, good(tick + i), settings), from);
  const first = healed(trip(closedBreaker(0), 'slow', 0, settings), 5_000);
  assert.is(trip(first, 'slow', 10_000, settings).backoffMs, 4_000, 'a relapse');
  assert.is(trip(first, 'slow', 70_000, settings).backoffMs, 2_000, 'a new fault');
});

breaking('hears nothing from customers while open and nothing from trials while closed', () => {
  const open = trip(closedBreaker(0), 'away', 0, settings);
  assert.is(countAnswer(open, good(1), settings), open);
  assert.is(trip(open, 'slow', 1, settings), open);
  const closed = closedBreaker(0);
  assert.is(countTrial(closed, bad(1), settings), closed);
});

breaking.run();
