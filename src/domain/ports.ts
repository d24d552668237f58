import type { EscalationReason } from './desk.ts';
import type { CommittedEvent, Lane, NewEvent } from './events.ts';
import type { Health, Mode } from './health.ts';
import type { Language } from './language.ts';
import type { Urgency } from './pack.ts';

/** Tells the time. Tests inject one that stands still until told. */
export interface Clock {
  /** Wall time, ms since the epoch; may jump. */
  now(): number;
  /** Monotonic time in ms; only differences mean anything. */
  tick(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Writes structured lines. Never hand it text that a customer typed. */
export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Makes events durable. The only way in which state changes. */
export interface Ledger {
  /**
   * Commits events in order, all or none; resolves when they are on disk.
   *
   * @throws StorageError VAULT_READ_ONLY, VAULT_DISK_FULL, or VAULT_BUSY when its queue is full
   */
  commit(events: readonly NewEvent[]): Promise<readonly CommittedEvent[]>;
  /** Hears of every committed event, in order, after it is durable and projected. Returns the way to stop. */
  subscribe(listener: (event: CommittedEvent) => void): () => void;
}

/** Reads committed events of one lane, as delivery to headquarters needs them. */
export interface LaneReader {
  /** Events with lane sequence > `after`, at most `limit`, personal fields still sealed. */
  readLane(lane: Lane, after: number, limit: number): Promise<readonly CommittedEvent[]>;
  /** The last lane sequence that is durable; 0 when there is none. */
  lastInLane(lane: Lane): number;
}

/** Opens the personal fields of a subject's event; null when its key was destroyed. */
export interface PersonalReader {
  readPersonal(
    event: Pick<CommittedEvent, 'subject' | 'personal'>,
  ): Readonly<Record<string, string>> | null;
}

/** Folds events into state. `apply` may change `state` in place and must be deterministic. */
export interface Projection<S> {
  readonly name: string;
  /** Raised when the shape of `S` or the meaning of `apply` changes: the document is rebuilt. */
  readonly version: number;
  initial(): S;
  apply(state: S, event: CommittedEvent): void;
  /** Checks what was read from disk; throws when it is not an `S`. */
  parse(stored: unknown): S;
}

/** State folded from the ledger: up to date with every durable event. */
export interface Projected<S> {
  readonly state: S;
}

/** One intent the engine considers. */
export type Candidate = {
  readonly intent: string /** 0..1, all candidates sum to ≤ 1. */;
  readonly probability: number;
};

/** What an engine makes of a text. */
export type Understanding = {
  /** Best first, at most 5. */
  readonly candidates: readonly Candidate[];
  readonly nearest: {
    readonly intent: string;
    readonly text: string;
    readonly similarity: number;
  } | null;
  readonly stagesMs: {
    readonly queue: number;
    readonly tokenise: number;
    readonly encode: number;
    readonly classify: number;
  };
};

/** When an engine may answer without asking back, fitted on held-out data. */
export type Thresholds = {
  /** Least probability of the best intent. */
  readonly absolute: number;
  /** Least distance to the second. */
  readonly margin: number;
  /** Below this probability even choices would be guesses. */
  readonly choose: number;
};

/** Reads what the customer wants from a text. */
export interface Understander {
  /**
   * @param text normalised, masked
   * @throws ModelError MODEL_NOT_READY, MODEL_QUEUE_FULL, MODEL_TIMEOUT
   */
  understand(text: string, deadlineMs: number): Promise<Understanding>;
  thresholds(): Thresholds;
}

/** Asks headquarters' engine instead of the one on the box. */
export interface CloudUnderstander {
  /** @throws SyncError SYNC_HQ_UNREACHABLE when it cannot answer within `deadlineMs` */
  understand(
    text: string,
    language: Language,
    deadlineMs: number,
  ): Promise<Understanding & { readonly thresholds: Thresholds }>;
}

/** Says which engine may answer now, and learns how it went. */
export interface ModeSource {
  mode(): Mode;
  health(): Health;
  /** Latency budget of one turn's understanding, ms. */
  budgetMs(): number;
  report(engine: 'local' | 'cloud', outcome: { readonly ok: boolean; readonly ms: number }): void;
}

/** Hides personal data in a text, so that it can be stored. */
export interface Masker {
  /** Returns the text with each finding replaced by a placeholder such as `[手机号]`. */
  mask(text: string, language: Language): string;
}

/** What is asked of a person. */
export type HandOverRequest = {
  readonly sessionId: string;
  readonly reason: EscalationReason;
  readonly skill: string | null;
  readonly language: Language;
  readonly priority: Urgency;
  /** Masked. */
  readonly summary: string;
};

/**
 * Brings a person into a conversation. It only makes events; whoever asks commits them together with
 * its own, so that a reply never promises a person whom nobody called.
 */
export interface HandOver {
  /** The event that opens an escalation; null when one is already open for this visit. */
  request(request: HandOverRequest): NewEvent<'escalation.opened'> | null;
  /** The event that passes a customer's words on; null when no person is waited for or present. */
  relay(sessionId: string, maskedText: string): NewEvent<'message.sent'> | null;
  /** Whether the visit waits for a person or has one. */
  isOpen(sessionId: string): boolean;
  /** The event that ends an open escalation because the customer left; null when there is none. */
  abandon(sessionId: string): NewEvent<'escalation.resolved'> | null;
}

/** Makes identifiers that cannot be guessed. */
export type NewId = () => string;
