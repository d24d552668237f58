import { generateKeyPairSync, sign } from 'node:crypto';
import { SyncError } from '../../src/domain/errors.ts';
import type { Lane } from '../../src/domain/events.ts';
import { type CloudEvent, headOf } from '../../src/sync/cloud-event.ts';
import type {
  CloudAnswer,
  EnrolGrant,
  HqTransport,
  SendOutcome,
} from '../../src/sync/hq-transport.ts';
import { type Receipt, signedText } from '../../src/sync/receipt.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** Headquarters' public key in these tests. */
export const RECEIPT_KEY = publicKey.export({ type: 'spki', format: 'pem' }).toString();

export const ANSWER: CloudAnswer = {
  candidates: [{ intent: 'banking.lost_card', probability: 0.9 }],
  nearest: null,
  stagesMs: { queue: 0, tokenise: 0, encode: 1, classify: 0 },
  thresholds: { absolute: 0.6, margin: 0.2, choose: 0.3 },
};

type Held = { watermark: number; head: string | null };

/** A headquarters in memory, for one appliance in epoch 1, whose line can be cut and whose answers can be bent. */
export class FakeHq implements HqTransport {
  /** Every event taken in effect, in order of arrival. */
  readonly taken: CloudEvent[] = [];
  /** Lane of every batch that arrived. */
  readonly arrivals: Lane[] = [];
  readonly held: Record<Lane, Held> = {
    urgent: { watermark: 0, head: null },
    normal: { watermark: 0, head: null },
    bulk: { watermark: 0, head: null },
  };
  /** Requests of any kind. */
  requests = 0;
  isAway = false;
  /** Runs after a batch was taken and before its answer leaves. */
  beforeAnswer: (outcome: SendOutcome) => SendOutcome = (outcome) => outcome;

  async sendBatch(batch: readonly CloudEvent[]): Promise<SendOutcome> {
    await this.#arrive();
    const [first] = batch;
    if (first === undefined || batch.some(({ lane }) => lane !== first.lane)) {
      throw new SyncError('SYNC_BATCH_INVALID', { detail: 'events of several lanes' });
    }
    this.#checkEpoch(first.epoch);
    this.arrivals.push(first.lane);
    const held = this.held[first.lane];
    const fresh = batch.filter((event) => Number(event.sequence) > held.watermark);
    if (Number(first.sequence) > held.watermark + 1) {
      return this.beforeAnswer({ kind: 'gap', receipt: this.receipt(first.lane) });
    }
    for (const event of fresh) {
      this.taken.push(event);
      held.watermark = Number(event.sequence);
      held.head = headOf(event);
    }
    const duplicates = batch.length - fresh.length;
    return this.beforeAnswer({ kind: 'accepted', receipt: this.receipt(first.lane), duplicates });
  }

  async watermarks(epoch: number): Promise<readonly Receipt[]> {
    await this.#arrive();
    this.#checkEpoch(epoch);
    return [this.receipt('urgent'), this.receipt('normal'), this.receipt('bulk')];
  }

  async understand(): Promise<CloudAnswer> {
    await this.#arrive();
    return ANSWER;
  }

  enrol(): Promise<EnrolGrant> {
    throw new SyncError('SYNC_ENROLMENT_REFUSED', { detail: 'nobody enrols here' });
  }

  close(): void {}

  receipt(lane: Lane, held: Held = this.held[lane]): Receipt {
    const body = { appliance: 'box-1', epoch: 1, lane, ...held };
    return { ...body, signature: sign(null, signedText(body), privateKey).toString('base64') };
  }

  async #arrive(): Promise<void> {
    this.requests += 1;
    await Promise.resolve();
    if (this.isAway) throw new SyncError('SYNC_HQ_UNREACHABLE', { detail: 'the line is cut' });
  }

  #checkEpoch(epoch: number): void {
    if (epoch !== 1)
      throw new SyncError('SYNC_HQ_REFUSED', { detail: `epoch ${epoch} is retired` });
  }
}
