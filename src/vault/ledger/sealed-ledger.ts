import { setImmediate as nextRound } from 'node:timers/promises';
import { InternalError } from '../../domain/errors.ts';
import type { Lane } from '../../domain/events.ts';
import type { Part } from '../../domain/part.ts';
import { CommitQueue, type QueuedCommit } from './commit-queue.ts';
import { LANES } from './frame.ts';
import {
  type Committed,
  copyEvent,
  type EventText,
  type LedgerEvent,
  type Place,
  type PlacedText,
} from './frame-events.ts';
import { Journal, storageErrorOf } from './journal.ts';
import type { Applier, LedgerOptions, LedgerStat } from './ledger-options.ts';
import { readLaneEvents, scanEvents } from './read-ledger.ts';
import { type LedgerRecovery, recoverLedger } from './recover-ledger.ts';
import { SEGMENT_KEYS } from './verify-ledger.ts';

/** Longest event as JSON, characters: far above what any room writes. */
const MAX_EVENT_TEXT = 1 << 20;

/** An event as text; `subject` is set when it has personal fields to seal. */
type Pending<E extends LedgerEvent> = EventText & {
  readonly event: E;
  readonly subject: string | null;
};
type Commit<E extends LedgerEvent> = QueuedCommit<Pending<E>, readonly Committed<E>[]>;

/**
 * The encrypted append-only store of everything that happens. Commits that arrive while a sync is
 * under way share the next one.
 */
export class SealedLedger<E extends LedgerEvent> implements Part {
  readonly name = 'ledger';
  readonly vital = true;
  readonly #options: LedgerOptions<E>;
  readonly #journal: Journal;
  readonly #queue: CommitQueue<Pending<E>, readonly Committed<E>[]>;
  readonly #appliers: Applier<E>[] = [];
  readonly #listeners = new Set<(event: Committed<E>) => void>();
  #draining: Promise<void> | null = null;
  #progressTick = 0;
  #isOpen = false;
  #recovery: LedgerRecovery | null = null;

  constructor(options: LedgerOptions<E>) {
    const { files, clock, log, limits, derive } = options;
    const wrapKey = (): Buffer => derive(SEGMENT_KEYS);
    this.#options = options;
    this.#journal = new Journal({ files, wrapKey, clock, log, segmentBytes: limits.segmentBytes });
    this.#queue = new CommitQueue(limits);
  }

  async start(): Promise<void> {
    const { files, derive, clock, log, limits } = this.#options;
    await files.make();
    const options = { deepBytes: limits.deepCheckBytes, at: clock.now(), log };
    const recovered = await recoverLedger(files, derive(SEGMENT_KEYS), options);
    this.#journal.resume(recovered);
    this.#recovery = recovered.recovery;
    this.#isOpen = true;
  }

  async stop(): Promise<void> {
    this.#isOpen = false;
    await this.#draining;
    await this.#journal.close();
  }

  /** How the ledger was found at start. */
  recovery(): LedgerRecovery {
    if (this.#recovery === null) throw internal('The ledger has not been started.');
    return this.#recovery;
  }

  /** @see Ledger.commit */
  async commit(events: readonly E[]): Promise<readonly Committed<E>[]> {
    if (events.length === 0) return [];
    return await this.#enqueue(events.map((event) => this.#prepare(event)));
  }

  /** Says whether the ledger can write; after a failure tries again, at most once a second. */
  async probe(): Promise<boolean> {
    if (!this.#journal.isReadOnly()) return this.#isOpen;
    try {
      await this.#enqueue([]);
      return true;
    } catch {
      return false;
    }
  }

  /** @see Ledger.subscribe */
  subscribe(listener: (event: Committed<E>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds one who hears of every durable event before the subscribers do. */
  addApplier(applier: Applier<E>): void {
    this.#appliers.push(applier);
  }

  /** Reads committed events after a sequence, up to the last at the time of the call. */
  scan(after: number): AsyncGenerator<Committed<E>> {
    const { segments, last } = this.#journal;
    return scanEvents<E>(this.#options.files, segments, { after, upTo: last.sequence });
  }

  /** @see LaneReader.readLane */
  readLane(lane: Lane, after: number, limit: number): Promise<readonly Committed<E>[]> {
    const wanted = { lane: laneNumber(lane), after, upTo: this.lastInLane(lane), limit };
    return readLaneEvents<E>(this.#options.files, this.#journal.segments, wanted);
  }

  /** @see LaneReader.lastInLane */
  lastInLane(lane: Lane): number {
    return this.#journal.last.lanes[laneNumber(lane)];
  }

  /** Says how the ledger is. */
  stat(): LedgerStat {
    const { segments, last, lastSyncMs } = this.#journal;
    const [urgent, normal, bulk] = last.lanes;
    return {
      segments: segments.length,
      bytes: segments.reduce((sum, { end }) => sum + end, 0),
      lastSequence: last.sequence,
      lanes: { urgent, normal, bulk },
      readOnly: this.#journal.isReadOnly(),
      chainHead: last.chain.toString('hex'),
      lastSyncMs,
    };
  }

  /** For how long commits have waited without one being settled, ms; null while none waits. */
  stalledMs(): number | null {
    return this.#draining === null ? null : this.#options.clock.tick() - this.#progressTick;
  }

  /** Makes text of an event at once: what the caller changes later does not reach the disk. */
  #prepare(event: E): Pending<E> {
    const subject = event.personal === undefined ? null : event.subject;
    if (event.personal !== undefined && subject === null) {
      throw internal(`An event ${event.type} has personal fields but no subject.`);
    }
    const json = JSON.stringify(event);
    if (json.length > MAX_EVENT_TEXT) throw internal(`An event ${event.type} is too long.`);
    return { lane: laneNumber(this.#options.laneOf(event.type)), subject, event, json };
  }

  #enqueue(events: readonly Pending<E>[]): Promise<readonly Committed<E>[]> {
    if (!this.#isOpen) throw internal('The ledger is not running.');
    const refusal = this.#journal.refusal();
    if (refusal !== null) throw refusal;
    const bytes = events.reduce((sum, { json }) => sum + json.length, 0);
    const committed = this.#queue.add(events, bytes);
    if (this.#draining === null) {
      this.#progressTick = this.#options.clock.tick();
      this.#draining = this.#drain();
    }
    return committed;
  }

  async #drain(): Promise<void> {
    // One round of the event loop: commits of requests that came in together share the sync.
    await nextRound();
    for (let group = this.#queue.takeGroup(); group.length > 0; group = this.#queue.takeGroup()) {
      try {
        await this.#commitGroup(group);
      } catch (cause) {
        const error = storageErrorOf(cause);
        for (const { reject } of group) reject(error);
      }
      this.#progressTick = this.#options.clock.tick();
    }
    this.#draining = null;
  }

  async #commitGroup(group: readonly Commit<E>[]): Promise<void> {
    const { personal } = this.#options;
    const subjects = group.flatMap(({ events }) => events.flatMap(({ subject }) => subject ?? []));
    if (subjects.length > 0) await personal.ensureKeys(subjects);
    const commits = group.map(({ events }) => events.map((event) => this.#sealPersonal(event)));
    const durable = await this.#journal.write(commits);
    for (const placed of durable) this.#announce(placed);
    let taken = 0;
    for (const { events, resolve } of group) {
      const own = durable.slice(taken, taken + events.length);
      resolve(own.map((placed, i) => committedOf(events[i] as Pending<E>, placed)));
      taken += events.length;
    }
  }

  #sealPersonal({ lane, subject, json }: Pending<E>): EventText {
    if (subject === null) return { lane, json };
    const event = JSON.parse(json) as E & Required<Pick<E, 'personal'>>;
    const sealed = this.#options.personal.seal(subject, event.personal as Record<string, string>);
    return { lane, json: JSON.stringify({ ...event, personal: sealed }) };
  }

  /** Tells projections, then subscribers; neither can undo what is durable. */
  #announce(placed: PlacedText): void {
    const { place } = placed;
    const read = (): Committed<E> => copyEvent<E>(placed);
    for (const apply of this.#appliers) this.#guard(place, () => apply(place.sequence, read));
    if (this.#listeners.size === 0) return;
    const event = read();
    for (const listener of this.#listeners) this.#guard(place, () => listener(event));
  }

  #guard({ sequence }: Place, hear: () => void): void {
    try {
      hear();
    } catch (error) {
      this.#options.log.error('A listener failed on an event', { sequence, error });
    }
  }
}

/** The caller's own event with its place; personal fields as they are on disk. */
function committedOf<E extends LedgerEvent>(pending: Pending<E>, placed: PlacedText): Committed<E> {
  return pending.subject === null ? { ...pending.event, ...placed.place } : copyEvent<E>(placed);
}

function laneNumber(lane: Lane): 0 | 1 | 2 {
  return LANES.indexOf(lane) as 0 | 1 | 2;
}

function internal(detail: string): InternalError {
  return new InternalError('INTERNAL_UNEXPECTED', { detail });
}
