import { InputError } from '../../domain/errors.ts';
import type { Lane } from '../../domain/events.ts';
import type { Projected } from '../../domain/ports.ts';
import type { HqEvent } from '../hq-event.ts';
import { type Batch, headOf } from './batch.ts';
import { type FleetState, findAppliance, readLaneState } from './fleet-projection.ts';
import type { ReceiptSigner, SignedReceipt } from './receipt-signer.ts';
import { TakeTurns } from './take-turns.ts';

/** Makes headquarters' events durable; `SealedLedger` fits. */
export interface HqLedger {
  commit(events: readonly HqEvent[]): Promise<unknown>;
}

/** What became of a batch; in a `gap` nothing was taken. */
export type CollectOutcome =
  | {
      readonly kind: 'accepted';
      readonly receipt: SignedReceipt;
      readonly duplicates: number;
    }
  | { readonly kind: 'gap'; readonly receipt: SignedReceipt };

/** What a collector needs. */
export type CollectorOptions = {
  readonly ledger: HqLedger;
  readonly fleet: Projected<FleetState>;
  readonly signer: ReceiptSigner;
};

const LANES: readonly Lane[] = ['urgent', 'normal', 'bulk'];

/**
 * Takes every event of every appliance once.
 *
 * The watermarks are a projection of the ledger that holds the events: both are durable before the
 * answer, or neither is.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #turns = new TakeTurns();

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /**
   * @throws InputError SYNC_HQ_REFUSED for an epoch that was retired
   * @throws StorageError when the ledger cannot take it
   */
  receive(batch: Batch): Promise<CollectOutcome> {
    const key = `${batch.appliance}:${batch.lane}`;
    return this.#turns.run(key, () => this.#receive(batch));
  }

  /** Says how far each lane of an appliance's epoch is held. */
  watermarks(appliance: string, epoch: number): SignedReceipt[] {
    this.#checkEpoch(appliance, epoch);
    return LANES.map((lane) => this.#receipt(appliance, epoch, lane));
  }

  async #receive(batch: Batch): Promise<CollectOutcome> {
    const { appliance, epoch, lane } = batch;
    this.#checkEpoch(appliance, epoch);
    const { watermark } = this.#receipt(appliance, epoch, lane);
    if (batch.first > watermark + 1) {
      return { kind: 'gap', receipt: this.#receipt(appliance, epoch, lane) };
    }
    const duplicates = Math.min(batch.events.length, watermark + 1 - batch.first);
    const events = batch.events.slice(duplicates).map((event, index): HqEvent => {
      const laneSequence = watermark + 1 + index;
      const data = { appliance, epoch, lane, laneSequence, head: headOf(event), event };
      return { type: 'event.received', subject: null, data };
    });
    if (duplicates > 0) {
      const data = { appliance, epoch, lane, count: duplicates };
      events.push({ type: 'duplicates.ignored', subject: null, data });
    }
    await this.#options.ledger.commit(events);
    return { kind: 'accepted', receipt: this.#receipt(appliance, epoch, lane), duplicates };
  }

  #checkEpoch(appliance: string, epoch: number): void {
    const current = findAppliance(this.#options.fleet.state, appliance)?.epoch;
    if (current === epoch) return;
    throw new InputError('SYNC_HQ_REFUSED', {
      detail: `epoch ${epoch} of ${appliance} is not the current one (${current ?? 'none'}): the box was restored or enrolled again elsewhere; enrol it with a new token`,
    });
  }

  #receipt(appliance: string, epoch: number, lane: Lane): SignedReceipt {
    const known = findAppliance(this.#options.fleet.state, appliance);
    const { watermark, head } =
      known === null ? { watermark: 0, head: null } : readLaneState(known, epoch, lane);
    return this.#options.signer.sign({ appliance, epoch, lane, watermark, head });
  }
}
