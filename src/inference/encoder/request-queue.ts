import { Buffer } from 'node:buffer';
import type { ModelError } from '../../domain/errors.ts';
import type { Reading } from '../intent/intent-model.ts';
import type { BatchMs } from './encoder-messages.ts';

/** What came of a request. */
export type Settled =
  | { readonly type: 'embedded'; readonly vectors: Float32Array; readonly ms: BatchMs }
  | { readonly type: 'understood'; readonly readings: readonly Reading[]; readonly ms: BatchMs }
  | { readonly type: 'rejected'; readonly error: ModelError };

/** Texts that wait for the encoder. */
export type PendingRequest = {
  readonly type: 'embed' | 'understand';
  readonly texts: readonly string[];
  /** Monotonic time after which nobody wants the answer. */
  readonly deadlineTick: number;
  /** Told once. */
  readonly settle: (outcome: Settled) => void;
};

/** A request's place in the order of lengths: UTF-8 bytes follow tokens across scripts. */
const lengthOf = ({ texts }: PendingRequest): number =>
  texts.reduce((longest, text) => Math.max(longest, Buffer.byteLength(text)), 0);

/** Requests in order of arrival, taken in batches of similar length. Knows no time and no thread. */
export class RequestQueue {
  private readonly limit: number;
  private readonly maxBatch: number;
  private waiting: { request: PendingRequest; length: number }[] = [];
  private texts = 0;

  /**
   * @param limit most texts that may wait
   * @param maxBatch most texts in one batch
   */
  constructor(limit: number, maxBatch: number) {
    this.limit = limit;
    this.maxBatch = maxBatch;
  }

  /** Texts that wait. */
  get size(): number {
    return this.texts;
  }

  /** Whether what waits would fill a batch. */
  get fillsBatch(): boolean {
    return this.texts >= this.maxBatch;
  }

  /** Adds a request; false when the queue is full. */
  add(request: PendingRequest): boolean {
    if (this.texts + request.texts.length > this.limit) return false;
    this.waiting.push({ request, length: lengthOf(request) });
    this.texts += request.texts.length;
    return true;
  }

  /**
   * Takes the oldest request and those of its kind that are closest to it in length: padding is work
   * too, and with the oldest in every batch nobody waits for ever.
   */
  take(): PendingRequest[] {
    const [oldest, ...others] = this.waiting;
    if (!oldest) return [];
    const alike = others
      .filter(({ request }) => request.type === oldest.request.type)
      .sort((a, b) => Math.abs(a.length - oldest.length) - Math.abs(b.length - oldest.length));
    const taken = new Set([oldest]);
    let room = this.maxBatch - oldest.request.texts.length;
    for (const entry of alike) {
      if (room < entry.request.texts.length) break;
      taken.add(entry);
      room -= entry.request.texts.length;
    }
    return this.remove((entry) => taken.has(entry));
  }

  /** Takes the requests whose deadline has passed. */
  takeExpired(nowTick: number): PendingRequest[] {
    return this.remove(({ request }) => request.deadlineTick <= nowTick);
  }

  /** Takes everything. */
  takeAll(): PendingRequest[] {
    return this.remove(() => true);
  }

  private remove(isTaken: (entry: { request: PendingRequest; length: number }) => boolean) {
    const taken = this.waiting.filter(isTaken);
    if (taken.length > 0) this.waiting = this.waiting.filter((entry) => !isTaken(entry));
    const requests = taken.map(({ request }) => request);
    this.texts -= requests.reduce((sum, { texts }) => sum + texts.length, 0);
    return requests;
  }
}
