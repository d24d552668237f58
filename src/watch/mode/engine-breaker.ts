/** When one engine is no longer trusted, and what it takes to trust it again. */
export type BreakerLimits = {
  /** Failures in a row that open the breaker. */
  readonly failures: number;
  /** Answers that the latency is judged by. */
  readonly window: number;
  /** The 95th percentile of the window may not be above this. */
  readonly p95Ms: number;
  /** Good trials in a row that close it again. */
  readonly goodTrials: number;
  /** First pause between trials; doubles with each bad one. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
};

/** How an engine answered once. */
export type EngineOutcome = { readonly ok: boolean; readonly ms: number };

/** What is remembered of one engine: a value, never changed in place. */
export type Breaker = {
  readonly isOpen: boolean;
  readonly why: string | null;
  readonly failures: number;
  readonly recentMs: readonly number[];
  readonly goodTrials: number;
  readonly pauseMs: number;
  /** Monotonic time of the next trial while open. */
  readonly trialTick: number;
};

/** Three failures, or a p95 over the budget, open it; three good trials close it. */
export function breakerLimits(budgetMs: number): BreakerLimits {
  return {
    failures: 3,
    window: 40,
    p95Ms: budgetMs,
    goodTrials: 3,
    firstPauseMs: 2_000,
    longestPauseMs: 60_000,
  };
}

/** An engine that nothing bad is known of. */
export function closedBreaker(limits: BreakerLimits): Breaker {
  return {
    isOpen: false,
    why: null,
    failures: 0,
    recentMs: [],
    goodTrials: 0,
    pauseMs: limits.firstPauseMs,
    trialTick: 0,
  };
}

/** Learns how a customer's turn went. */
export function noteOutcome(
  breaker: Breaker,
  outcome: EngineOutcome,
  tick: number,
  limits: BreakerLimits,
): Breaker {
  if (breaker.isOpen) return breaker;
  const recentMs = [...breaker.recentMs, outcome.ms].slice(-limits.window);
  const failures = outcome.ok ? 0 : breaker.failures + 1;
  const next = { ...breaker, recentMs, failures };
  if (failures >= limits.failures) return openBreaker(next, `${failures} failures in a row`, tick);
  const slow = recentMs.length === limits.window ? percentile95(recentMs) : 0;
  if (slow > limits.p95Ms) return openBreaker(next, `p95 of ${Math.round(slow)} ms`, tick);
  return next;
}

/** Stops trusting an engine. */
export function openBreaker(breaker: Breaker, why: string, tick: number): Breaker {
  return {
    ...breaker,
    isOpen: true,
    why,
    failures: 0,
    recentMs: [],
    goodTrials: 0,
    trialTick: tick + breaker.pauseMs,
  };
}

/** Learns how a synthetic question went while the breaker is open. */
export function noteTrial(
  breaker: Breaker,
  outcome: EngineOutcome,
  tick: number,
  limits: BreakerLimits,
): Breaker {
  if (!breaker.isOpen) return breaker;
  if (!outcome.ok || outcome.ms > limits.p95Ms) {
    const pauseMs = Math.min(breaker.pauseMs * 2, limits.longestPauseMs);
    return { ...breaker, goodTrials: 0, pauseMs, trialTick: tick + pauseMs };
  }
  const goodTrials = breaker.goodTrials + 1;
  if (goodTrials >= limits.goodTrials) return closedBreaker(limits);
  return { ...breaker, goodTrials, trialTick: tick };
}

/** Whether a synthetic question is due. */
export function isTrialDue(breaker: Breaker, tick: number): boolean {
  return breaker.isOpen && tick >= breaker.trialTick;
}

function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}
