/** An answer about health, with what speaks against it. */
export type HealthAnswer = { readonly ok: boolean; readonly reasons: readonly string[] };

/** What liveness rests on: this process alone. */
export type LivenessFacts = {
  readonly eventLoopLagMs: number;
  /** Age of the oldest commit that is still on its way to disk, ms; 0 when there is none. */
  readonly oldestCommitMs: number;
};

/** What readiness rests on: whether a customer who walks up now would be answered. */
export type ReadinessFacts = {
  readonly isStarted: boolean;
  readonly isStopping: boolean;
  readonly canUnderstand: boolean;
};

const STUCK_LOOP_MS = 5_000;
const STUCK_COMMIT_MS = 30_000;

/** Whether the process works. When it does not, only a restart helps. */
export function judgeLiveness(facts: LivenessFacts): HealthAnswer {
  return answer([
    [facts.eventLoopLagMs > STUCK_LOOP_MS, `the event loop is ${facts.eventLoopLagMs} ms behind`],
    [facts.oldestCommitMs > STUCK_COMMIT_MS, `a commit waits for ${facts.oldestCommitMs} ms`],
  ]);
}

/** Whether customers should be sent here. A box whose model or line is away is still ready: it has other ways. */
export function judgeReadiness(facts: ReadinessFacts): HealthAnswer {
  return answer([
    [!facts.isStarted, 'still starting'],
    [facts.isStopping, 'stopping'],
    [!facts.canUnderstand, 'no engine answers, not even the keyword list'],
  ]);
}

function answer(checks: readonly (readonly [boolean, string])[]): HealthAnswer {
  const reasons = checks.filter(([isBad]) => isBad).map(([, why]) => why);
  return { ok: reasons.length === 0, reasons };
}
