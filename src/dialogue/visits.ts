import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { InputError, StorageError } from '../domain/errors.ts';
import type { NewEvent } from '../domain/events.ts';
import type { Language } from '../domain/language.ts';
import { ownValue } from '../domain/own-value.ts';
import type { Part } from '../domain/part.ts';
import type { Clock, HandOver, Ledger, Log, NewId, Projected } from '../domain/ports.ts';
import { repeatEvery } from '../domain/repeat-every.ts';
import type { Channel } from '../domain/session.ts';
import type { OpenedVisit } from '../domain/views.ts';
import { beginVisit, type Visit, type Visits as VisitsState } from './visits-projection.ts';

/** What visits need. */
export type VisitsOptions = {
  readonly ledger: Ledger;
  readonly visits: Projected<VisitsState>;
  readonly handOver: HandOver;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: NewId;
  /** A visit without a touch ends after this. */
  readonly idleMs: number;
  /** Open visits beyond this are refused. */
  readonly limit: number;
};

const SWEEP_MS = 5_000;

/** Opens visits, knows their tokens, ends them. */
export class Visits implements Part {
  readonly name = 'visits';
  readonly vital = true;
  readonly #options: VisitsOptions;
  /** Last use of pages since the start; what a crash forgets only makes a visit idle sooner. */
  readonly #touchedAt = new Map<string, number>();
  /** Opened while nothing could be stored; the opening goes to disk with the next thing that can. */
  readonly #unrecorded = new Map<string, Visit>();
  #sweeping: Promise<void> = Promise.resolve();
  #stop = new AbortController();

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stop = new AbortController();
    const { clock, log } = this.#options;
    this.#sweeping = repeatEvery(
      clock,
      SWEEP_MS,
      this.#stop.signal,
      () => this.sweep(),
      (error) => log.error('idle visits could not be ended', { error }),
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#sweeping;
  }

  /** @throws InputError SESSION_LIMIT */
  async open(channel: Channel, language: Language): Promise<OpenedVisit> {
    const { ledger, clock, newId, limit } = this.#options;
    if (this.openCount() >= limit) {
      throw new InputError('SESSION_LIMIT', {
        detail: `${limit} visits are open, the most this box takes; try again shortly`,
      });
    }
    const sessionId = newId();
    const token = randomBytes(32).toString('base64url');
    const data = { sessionId, channel, language, tokenHash: hashToken(token) };
    try {
      await ledger.commit([{ type: 'session.opened', subject: sessionId, data }]);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#unrecorded.set(sessionId, beginVisit(data, clock.now()));
    }
    return { sessionId, token, language };
  }

  openCount(): number {
    return this.#open().length;
  }

  /** Whether `token` belongs to the visit; constant time. */
  owns(sessionId: string, token: string): boolean {
    const visit = this.find(sessionId);
    if (!visit) return false;
    return timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(visit.tokenHash));
  }

  /** Notes that the customer's page is in use, a long form being filled in for example. */
  touch(sessionId: string): void {
    if (this.find(sessionId)?.endedAt === null)
      this.#touchedAt.set(sessionId, this.#options.clock.now());
  }

  /** A visit, ended or not; null when it was never here or is forgotten. */
  find(sessionId: string): Visit | null {
    const recorded = ownValue(this.#options.visits.state.byId, sessionId);
    return recorded ?? this.#unrecorded.get(sessionId) ?? null;
  }

  /**
   * Commits what happens in a visit.
   *
   * @throws StorageError when it cannot be stored
   */
  async record(sessionId: string, events: readonly NewEvent[]): Promise<void> {
    const visit = this.#unrecorded.get(sessionId);
    await this.#options.ledger.commit(visit ? [openingOf(visit), ...events] : events);
    this.#unrecorded.delete(sessionId);
  }

  /** @throws InputError SESSION_UNKNOWN, SESSION_ENDED */
  require(sessionId: string): Visit {
    const visit = this.find(sessionId);
    if (!visit)
      throw new InputError('SESSION_UNKNOWN', { detail: 'no visit has this id; open a new one' });
    if (visit.endedAt !== null)
      throw new InputError('SESSION_ENDED', { detail: 'the visit has ended; open a new one' });
    return visit;
  }

  /** Ends a visit and takes its customer out of the queue. Ending twice changes nothing. */
  async end(sessionId: string, reason: 'customer' | 'idle'): Promise<void> {
    const visit = this.find(sessionId);
    if (!visit || visit.endedAt !== null) return;
    this.#touchedAt.delete(sessionId);
    // Nothing of it was ever stored, so there is nothing to end on disk.
    if (this.#unrecorded.delete(sessionId)) return;
    const abandoned = this.#options.handOver.abandon(sessionId);
    await this.record(sessionId, [
      ...(abandoned ? [abandoned] : []),
      { type: 'session.ended', subject: sessionId, data: { sessionId, reason } },
    ]);
  }

  /** Begins the conversation anew within the same visit. */
  async restart(sessionId: string): Promise<void> {
    this.require(sessionId);
    const abandoned = this.#options.handOver.abandon(sessionId);
    await this.record(sessionId, [
      ...(abandoned ? [abandoned] : []),
      { type: 'session.restarted', subject: sessionId, data: { sessionId } },
    ]);
  }

  async feedback(sessionId: string, turn: number, helpful: boolean): Promise<void> {
    const visit = this.require(sessionId);
    if (!visit.turns.some((one) => one.number === turn)) {
      throw new InputError('HTTP_INPUT_INVALID', {
        detail: `the visit has no turn ${turn}; send the number of a reply that was shown`,
      });
    }
    await this.record(sessionId, [
      { type: 'feedback.given', subject: sessionId, data: { sessionId, turn, helpful } },
    ]);
  }

  /** Ends every visit that nobody has touched; one that waits for a person gets four times as long. */
  async sweep(): Promise<void> {
    const { clock, idleMs, handOver } = this.#options;
    const now = clock.now();
    for (const visit of this.#open()) {
      const patience = handOver.isOpen(visit.id) ? idleMs * 4 : idleMs;
      const lastUsedAt = Math.max(visit.lastActiveAt, this.#touchedAt.get(visit.id) ?? 0);
      if (now - lastUsedAt > patience) await this.end(visit.id, 'idle');
    }
  }

  #open(): Visit[] {
    const recorded = Object.values(this.#options.visits.state.byId);
    return [...recorded.filter((visit) => visit.endedAt === null), ...this.#unrecorded.values()];
  }
}

function openingOf({ id, channel, language, tokenHash }: Visit): NewEvent<'session.opened'> {
  const data = { sessionId: id, channel, language, tokenHash };
  return { type: 'session.opened', subject: id, data };
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
