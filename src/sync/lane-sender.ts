import type { ErrorCode } from '../domain/error-catalogue.ts';
import { SyncError } from '../domain/errors.ts';
import type { CommittedEvent, Lane } from '../domain/events.ts';
import type { Clock, LaneReader } from '../domain/ports.ts';
import { type CloudEvent, headOf, toCloudEvent } from './cloud-event.ts';
import type { HqTransport } from './hq-transport.ts';
import { checkReceipt, type Receipt } from './receipt.ts';
import { retryDelayMs } from './retry-delay.ts';

const BATCH_EVENTS = 100;
/** Half of what headquarters takes in one request. */
const BATCH_BYTES = 512 * 1024;

/** One lane on its way to headquarters. */
export type LaneDelivery = {
  readonly lane: Lane;
  readonly committed: number;
  readonly acknowledged: number;
  /** Committed and not yet acknowledged. */
  readonly lag: number;
  /** Sent again after headquarters had it already; harmless, counted. */
  readonly duplicates: number;
  /** Why this lane alone stands still; null while it does not. */
  readonly blockedBy: ErrorCode | null;
};

/** What a lane needs to be sent. */
export type LaneSenderOptions = {
  readonly appliance: string;
  readonly epoch: number;
  /** Headquarters' Ed25519 public key, PEM. */
  readonly receiptKeyPem: string;
  readonly reader: LaneReader;
  readonly transport: HqTransport;
  readonly clock: Clock;
  /** 0..1; spreads retries. */
  readonly random: () => number;
};

/** Sends one lane in order, batch by batch; its cursor follows headquarters' receipts and nothing else. */
export class LaneSender {
  readonly lane: Lane;
  readonly #options: LaneSenderOptions;
  #acknowledged = 0;
  #duplicates = 0;
  #stalls = 0;
  #heldUntilTick = 0;
  #blockedBy: ErrorCode | null = null;

  constructor(lane: Lane, options: LaneSenderOptions) {
    this.lane = lane;
    this.#options = options;
  }

  /** Shows what was known before the restart; the first receipt replaces it. */
  restore(cursor: { readonly acknowledged: number; readonly duplicates: number }): void {
    this.#acknowledged = Math.min(cursor.acknowledged, this.#committed);
    this.#duplicates = cursor.duplicates;
  }

  state(): LaneDelivery {
    return {
      lane: this.lane,
      committed: this.#committed,
      acknowledged: this.#acknowledged,
      lag: this.#committed - this.#acknowledged,
      duplicates: this.#duplicates,
      blockedBy: this.#blockedBy,
    };
  }

  /** Milliseconds until this lane has something to send; Infinity while it has not. */
  readyInMs(): number {
    if (this.#blockedBy !== null || this.#acknowledged >= this.#committed) return Infinity;
    return Math.max(0, this.#heldUntilTick - this.#options.clock.tick());
  }

  /** Stops this lane until headquarters is asked for its watermarks again. */
  block(code: ErrorCode): void {
    this.#blockedBy = code;
  }

  /**
   * Takes headquarters' word on how far it holds this lane, also when that is less than before.
   *
   * @throws SyncError SYNC_RECEIPT_INVALID; SYNC_HISTORY_FORKED when headquarters holds another history
   */
  async accept(receipt: Receipt): Promise<void> {
    checkReceipt(receipt, { ...this.#options, lane: this.lane }, this.#options.receiptKeyPem);
    await this.#checkHistory(receipt);
    this.#acknowledged = receipt.watermark;
    this.#blockedBy = null;
  }

  /**
   * Sends the next batch.
   *
   * @throws SyncError what the transport throws; SYNC_SEQUENCE_GAP when the ledger no longer holds
   *   what headquarters asks for
   */
  async send(signal: AbortSignal): Promise<void> {
    const before = this.#acknowledged;
    const batch = await this.#readBatch();
    const outcome = await this.#options.transport.sendBatch(batch, signal);
    await this.accept(outcome.receipt);
    if (outcome.kind === 'accepted') this.#duplicates += outcome.duplicates;
    if (this.#acknowledged > before) {
      this.#stalls = 0;
      return;
    }
    // Headquarters fell behind (restored from a backup) or repeats itself: never answer at full speed.
    this.#stalls += 1;
    const waitMs = retryDelayMs(this.#stalls, this.#options.random());
    this.#heldUntilTick = this.#options.clock.tick() + waitMs;
  }

  get #committed(): number {
    return this.#options.reader.lastInLane(this.lane);
  }

  async #readBatch(): Promise<CloudEvent[]> {
    const events = await this.#options.reader.readLane(this.lane, this.#acknowledged, BATCH_EVENTS);
    const wanted = this.#acknowledged + 1;
    if (events[0]?.laneSequence !== wanted) {
      throw new SyncError('SYNC_SEQUENCE_GAP', {
        detail: `headquarters needs ${this.lane} ${wanted}, the ledger goes on at ${events[0]?.laneSequence ?? 'nothing'}: run "zhanggui ledger verify"`,
      });
    }
    return fitBatch(events.map((event) => toCloudEvent(event, this.#options)));
  }

  async #checkHistory(receipt: Receipt): Promise<void> {
    const { watermark, head } = receipt;
    if (watermark > this.#committed) {
      throw otherHistory(
        `holds ${this.lane} up to ${watermark}, this box only to ${this.#committed}`,
      );
    }
    if (head === null || watermark === 0) return;
    const [event] = await this.#options.reader.readLane(this.lane, watermark - 1, 1);
    if (event === undefined || isOther(event, watermark)) return;
    if (headOf(toCloudEvent(event, this.#options)) !== head) {
      throw otherHistory(`holds another event as ${this.lane} ${watermark}`);
    }
  }
}

/** An event that the ledger no longer holds cannot be compared. */
function isOther(event: CommittedEvent, laneSequence: number): boolean {
  return event.laneSequence !== laneSequence;
}

function fitBatch(events: readonly CloudEvent[]): CloudEvent[] {
  const batch: CloudEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += Buffer.byteLength(JSON.stringify(event));
    if (batch.length > 0 && bytes > BATCH_BYTES) break;
    batch.push(event);
  }
  return batch;
}

function otherHistory(what: string): SyncError {
  return new SyncError('SYNC_HISTORY_FORKED', {
    detail: `headquarters ${what}: the data folder is an old copy or a clone; enrol again with a new token to begin a new epoch`,
  });
}
