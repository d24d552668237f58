import type { ErrorCode } from '../domain/error-catalogue.ts';
import { ApplianceError, SyncError } from '../domain/errors.ts';
import type { Lane } from '../domain/events.ts';
import type { Part } from '../domain/part.ts';
import type { Ledger, Log } from '../domain/ports.ts';
import { type CursorDocument, initialDeliveryCursors } from './delivery-cursor.ts';
import { LANES, LaneScheduler } from './lane-scheduler.ts';
import { type LaneDelivery, LaneSender, type LaneSenderOptions } from './lane-sender.ts';
import { retryDelayMs } from './retry-delay.ts';

/** Headquarters is asked for its watermarks at least this often; that is also the heartbeat. */
const MEETING_EVERY_MS = 60_000;

/** These concern one batch or one lane; the others go on. */
const ONE_LANE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SYNC_BATCH_INVALID',
  'SYNC_SEQUENCE_GAP',
  'SYNC_HQ_REFUSED',
  'SYNC_HISTORY_FORKED',
]);

/** What delivery needs. */
export type DeliveryOptions = LaneSenderOptions & {
  readonly ledger: Pick<Ledger, 'subscribe'>;
  readonly cursors: CursorDocument;
  readonly log: Log;
};

/** How delivery stands. */
export type DeliveryState = {
  readonly lanes: readonly LaneDelivery[];
  /** Whether headquarters answered the last time. */
  readonly reachable: boolean;
  /** Wall time, ms since the epoch. */
  readonly lastReceiptAt: number | null;
  /** Why the last attempt failed; null once one has succeeded. */
  readonly lastError: ErrorCode | null;
};

/** Brings every committed event to headquarters: at least once on the wire, once in effect. */
export class Delivery implements Part {
  readonly name = 'sync';
  readonly vital = false;
  readonly #options: DeliveryOptions;
  readonly #senders: Readonly<Record<Lane, LaneSender>>;
  readonly #scheduler = new LaneScheduler();
  readonly #stopping = new AbortController();
  #wake = new AbortController();
  #unsubscribe: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();
  #reachable = false;
  #lastReceiptAt: number | null = null;
  #lastError: ErrorCode | null = null;
  #nextMeetingTick = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#senders = {
      urgent: new LaneSender('urgent', options),
      normal: new LaneSender('normal', options),
      bulk: new LaneSender('bulk', options),
    };
  }

  start(signal: AbortSignal): Promise<void> {
    const stored = this.#options.cursors.read();
    if (stored.epoch === this.#options.epoch) {
      for (const lane of LANES) this.#senders[lane].restore(stored.lanes[lane]);
      this.#lastReceiptAt = stored.lastReceiptAt;
    }
    this.#unsubscribe = this.#options.ledger.subscribe(() => this.#wake.abort());
    signal.addEventListener('abort', () => this.#end(), { once: true });
    if (signal.aborted) this.#end();
    this.#loop = this.#run(this.#stopping.signal);
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#end();
    this.#unsubscribe();
    await this.#loop;
    this.#options.transport.close();
    await this.#saveCursors();
  }

  /** Says how far each lane is, and whether headquarters answers. */
  deliveryState(): DeliveryState {
    return {
      lanes: LANES.map((lane) => this.#senders[lane].state()),
      reachable: this.#reachable,
      lastReceiptAt: this.#lastReceiptAt,
      lastError: this.#lastError,
    };
  }

  #end(): void {
    this.#stopping.abort();
    this.#wake.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#meet(signal);
        failures = 0;
        await this.#deliver(signal);
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        await this.#waitAfter(error, failures, signal);
      }
    }
  }

  /** Asks headquarters how far it is; nothing is sent before it has said so. */
  async #meet(signal: AbortSignal): Promise<void> {
    const { transport, epoch, clock, log } = this.#options;
    const receipts = await transport.watermarks(epoch, signal);
    for (const lane of LANES) {
      const receipt = receipts.find((candidate) => candidate.lane === lane);
      if (receipt === undefined) {
        throw new SyncError('SYNC_RECEIPT_INVALID', {
          detail: `headquarters announced no watermark for the lane ${lane}`,
        });
      }
      await this.#contain(lane, () => this.#senders[lane].accept(receipt));
    }
    if (!this.#reachable) log.info('headquarters is reachable');
    this.#reachable = true;
    this.#lastReceiptAt = clock.now();
    this.#nextMeetingTick = clock.tick() + MEETING_EVERY_MS;
    const blocked = LANES.map((lane) => this.#senders[lane].state().blockedBy);
    this.#lastError = blocked.find((code) => code !== null) ?? null;
    await this.#saveCursors();
  }

  /** Sends until the next meeting is due, or the part is stopped. */
  async #deliver(signal: AbortSignal): Promise<void> {
    while (this.#options.clock.tick() < this.#nextMeetingTick) {
      // Made before looking, so that a commit in between is not slept through.
      this.#wake = new AbortController();
      if (signal.aborted) return;
      const lane = this.#scheduler.next((candidate) => this.#senders[candidate].readyInMs() === 0);
      if (lane === null) {
        await this.#idle();
        continue;
      }
      await this.#contain(lane, () => this.#senders[lane].send(signal));
      this.#lastReceiptAt = this.#options.clock.now();
    }
  }

  async #idle(): Promise<void> {
    const untilMeetingMs = this.#nextMeetingTick - this.#options.clock.tick();
    const untilReadyMs = LANES.map((lane) => this.#senders[lane].readyInMs());
    await this.#sleep(Math.min(untilMeetingMs, ...untilReadyMs), this.#wake.signal);
  }

  /** Lets a failure that concerns one lane stop that lane only. */
  async #contain(lane: Lane, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApplianceError) || !ONE_LANE.has(error.code)) throw error;
      this.#senders[lane].block(error.code);
      this.#lastError = error.code;
      this.#options.log.error('a lane to headquarters stands still', {
        lane,
        reason: error.message,
      });
    }
  }

  async #waitAfter(error: unknown, failures: number, signal: AbortSignal): Promise<void> {
    const known = error instanceof ApplianceError ? error : null;
    if (this.#reachable || failures === 1) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.warn('headquarters cannot be reached', { reason });
    }
    this.#reachable = false;
    this.#lastError = known?.code ?? 'INTERNAL_UNEXPECTED';
    // What a retry cannot mend waits for a person: ask rarely.
    const step = known?.retryable === false ? Math.max(failures, 7) : failures;
    await this.#sleep(retryDelayMs(step, this.#options.random()), signal);
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await this.#options.clock.sleep(ms, signal).catch(() => undefined);
  }

  async #saveCursors(): Promise<void> {
    const cursors = initialDeliveryCursors(this.#options.epoch);
    for (const lane of LANES) {
      const { acknowledged, duplicates } = this.#senders[lane].state();
      cursors.lanes[lane] = { acknowledged, duplicates };
    }
    cursors.lastReceiptAt = this.#lastReceiptAt;
    await this.#options.cursors.write(cursors).catch((error: unknown) => {
      // Headquarters tells the watermarks at the next start anyway.
      this.#options.log.warn('the delivery cursor was not stored', { reason: String(error) });
    });
  }
}
