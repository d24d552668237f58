/** When an engine is taken out of service and when it may come back; times in milliseconds. */
export type BreakerSettings = {
  /** An answer that takes longer is slow. */
  readonly budgetMs: number;
  /** So many failures in a row trip it … */
  readonly failuresToTrip: number;
  /** … when they lasted this long: a single stall fails all turns that are waiting at that moment. */
  readonly failingForMs: number;
  /** Good trials in a row before it comes back. */
  readonly goodTrials: number;
  readonly trialEveryMs: number;
  /** Wait before the first trial; doubled by each bad one and each relapse. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** In service this long, a relapse counts as a new fault. */
  readonly settledMs: number;
};

/** Why an engine was taken out of service. */
export type TripReason = 'failures' | 'slow' | 'away';

/** How one answer went. */
export type Answer = { readonly ok: boolean; readonly ms: number; readonly tick: number };

/** Answers of half a second: how many, how many of them slow or failed. */
type Slot = { readonly tick: number; readonly answers: number; readonly slow: number };

/** Whether an engine is in service (closed) or out of it (open), with the evidence. A value. */
export type Breaker = {
  readonly isOpen: boolean;
  readonly tripReason: TripReason | null;
  readonly changedTick: number;
  readonly failures: number;
  readonly failingSinceTick: number;
  readonly slots: readonly Slot[];
  readonly goodTrials: number;
  readonly nextTrialTick: number;
  readonly backoffMs: number;
};

const SLOT_MS = 500;
const MAX_SLOTS = 200;
const SLOT_MAX_AGE_MS = 10 * 60_000;
const MIN_SLOTS = 10;
// The 95th percentile is within the budget while at most this share is slow.
const SLOW_SHARE = 0.05;

/** An engine in service of which nothing bad is known. */
export function closedBreaker(tick: number): Breaker {
  return {
    isOpen: false,
    tripReason: null,
    changedTick: tick,
    failures: 0,
    failingSinceTick: 0,
    slots: [],
    goodTrials: 0,
    nextTrialTick: 0,
    backoffMs: 0,
  };
}

function countSlot(slots: readonly Slot[], tick: number, isSlow: boolean): readonly Slot[] {
  const last = slots.at(-1);
  const slow = isSlow ? 1 : 0;
  if (last && tick - last.tick < SLOT_MS) {
    const grown = { tick: last.tick, answers: last.answers + 1, slow: last.slow + slow };
    return [...slots.slice(0, -1), grown];
  }
  const kept = slots.slice(1 - MAX_SLOTS).filter((slot) => tick - slot.tick < SLOT_MAX_AGE_MS);
  return [...kept, { tick, answers: 1, slow }];
}

/**
 * Whether the 95th percentile is over the budget beyond doubt: more slow answers than a 5 % share
 * explains by chance (3 σ of a binomial). Half-second slots, not answers, are what is counted, so that
 * one stall under full load weighs no more than one on a quiet day.
 */
function isSlowBeyondDoubt(slots: readonly Slot[]): boolean {
  const n = slots.length;
  if (n < MIN_SLOTS) return false;
  const slow = slots.reduce((sum, slot) => sum + slot.slow / slot.answers, 0);
  return slow > n * SLOW_SHARE + 3 * Math.sqrt(n * SLOW_SHARE * (1 - SLOW_SHARE));
}

/** Takes the engine out of service; it was in service before. */
export function trip(
  breaker: Breaker,
  reason: TripReason,
  tick: number,
  settings: BreakerSettings,
): Breaker {
  if (breaker.isOpen) return breaker;
  const isSettled = tick - breaker.changedTick >= settings.settledMs;
  const isNew = breaker.backoffMs === 0 || isSettled;
  const doubled = Math.min(settings.maxBackoffMs, breaker.backoffMs * 2);
  const backoffMs = isNew ? settings.backoffMs : doubled;
  return {
    ...closedBreaker(tick),
    isOpen: true,
    tripReason: reason,
    nextTrialTick: tick + backoffMs,
    backoffMs,
  };
}

/** Counts a customer's answer; trips on failures in a row or on slowness beyond doubt. */
export function countAnswer(breaker: Breaker, answer: Answer, settings: BreakerSettings): Breaker {
  if (breaker.isOpen) return breaker;
  const { ok, ms, tick } = answer;
  const counted: Breaker = {
    ...breaker,
    failures: ok ? 0 : breaker.failures + 1,
    failingSinceTick: breaker.failures === 0 ? tick : breaker.failingSinceTick,
    slots: countSlot(breaker.slots, tick, !ok || ms > settings.budgetMs),
  };
  const isFailing =
    counted.failures >= settings.failuresToTrip &&
    tick - counted.failingSinceTick >= settings.failingForMs;
  if (isFailing) return trip(counted, 'failures', tick, settings);
  return isSlowBeyondDoubt(counted.slots) ? trip(counted, 'slow', tick, settings) : counted;
}

/** Counts a trial of an engine that is out of service; enough good ones in a row bring it back. */
export function countTrial(breaker: Breaker, answer: Answer, settings: BreakerSettings): Breaker {
  if (!breaker.isOpen) return breaker;
  const { ok, ms, tick } = answer;
  if (!ok || ms > settings.budgetMs) {
    const backoffMs = Math.min(settings.maxBackoffMs, breaker.backoffMs * 2);
    return { ...breaker, goodTrials: 0, backoffMs, nextTrialTick: tick + backoffMs };
  }
  const goodTrials = breaker.goodTrials + 1;
  if (goodTrials >= settings.goodTrials) {
    return { ...closedBreaker(tick), backoffMs: breaker.backoffMs };
  }
  return { ...breaker, goodTrials, nextTrialTick: tick + settings.trialEveryMs };
}

/** Whether the time for the next trial has come. */
export function isTrialDue(breaker: Breaker, tick: number): boolean {
  return breaker.isOpen && tick >= breaker.nextTrialTick;
}
