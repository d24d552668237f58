/** Yes or no with the reasons for no, as stable words. */
export type Verdict = { readonly ok: boolean; readonly reasons: readonly string[] };

/** What shows that the process makes progress. */
export type LivenessFacts = {
  /** The 99th percentile; null before the first reading. */
  readonly eventLoopLagMs: number | null;
  /** How long the oldest unanswered commit has waited; null when none waits. */
  readonly oldestCommitMs: number | null;
};

/** What a customer's question needs. */
export type ReadinessFacts = {
  readonly isStarted: boolean;
  readonly isStopping: boolean;
  /** Whether any engine can answer: on the box, at headquarters, or the keyword list. */
  readonly engines: { readonly local: boolean; readonly cloud: boolean; readonly keyword: boolean };
  readonly isLedgerWritable: boolean;
  /** Whether answers go out marked as unrecorded while the ledger is not writable. */
  readonly answersUnrecorded: boolean;
};

/** What is known about the line to headquarters; wall times in ms. */
export type ConnectivityFacts = {
  readonly isConfigured: boolean;
  readonly isReachable: boolean;
  readonly lastReceiptAt: number | null;
  readonly now: number;
};

/** How the box stands to headquarters. `standalone`: it has none and misses none. */
export type Connectivity = {
  readonly state: 'connected' | 'disconnected' | 'standalone';
  /** Time since the last receipt; null when there was none. */
  readonly silentMs: number | null;
};

// A loop or a write this late is stuck, not busy: the watchdog may restart the process.
const STUCK_MS = 10_000;

const verdict = (reasons: Readonly<Record<string, boolean>>): Verdict => {
  const against = Object.keys(reasons).filter((reason) => reasons[reason]);
  return { ok: against.length === 0, reasons: against };
};

/** Says whether the process makes progress; a no means that only a restart helps. */
export function judgeLiveness(facts: LivenessFacts): Verdict {
  return verdict({
    event_loop_stuck: (facts.eventLoopLagMs ?? 0) > STUCK_MS,
    ledger_commit_stuck: (facts.oldestCommitMs ?? 0) > STUCK_MS,
  });
}

/** Says whether a customer who asks now gets an answer, if only from the keyword list. */
export function judgeReadiness(facts: ReadinessFacts): Verdict {
  const { local, cloud, keyword } = facts.engines;
  return verdict({
    starting: !facts.isStarted,
    stopping: facts.isStopping,
    no_engine: !local && !cloud && !keyword,
    ledger_not_writable: !facts.isLedgerWritable && !facts.answersUnrecorded,
  });
}

/** Says how the line to headquarters is; no reason to restart and none to refuse customers. */
export function judgeConnectivity(facts: ConnectivityFacts): Connectivity {
  const silentMs =
    facts.lastReceiptAt === null ? null : Math.max(0, facts.now - facts.lastReceiptAt);
  if (!facts.isConfigured) return { state: 'standalone', silentMs };
  return { state: facts.isReachable ? 'connected' : 'disconnected', silentMs };
}
