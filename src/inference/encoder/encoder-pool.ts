import { ModelError } from '../../domain/errors.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { WorkerPort } from '../spawn-worker.ts';
import type { EncoderRequest, EncoderResponse } from './encoder-messages.ts';
import { type PendingRequest, RequestQueue, type Settled } from './request-queue.ts';

/** How often deadlines are looked at while anything is pending; one timer for all requests. */
const SWEEP_MS = 25;
/** A batch is queued behind the one being computed, so that the thread never waits for the main loop. */
const DEPTH = 2;

/** A thread of the encoder. */
export type EncoderPort = WorkerPort<EncoderRequest, EncoderResponse>;

/** Limits of a pool. */
export type PoolLimits = {
  /** Most texts that may wait. */
  readonly queueLimit: number;
  /** Most texts in one batch. */
  readonly maxBatch: number;
  /** A thread that owes an answer and says nothing for this long is taken for dead. */
  readonly stallMs: number;
};

type Batch = { readonly id: number; readonly requests: readonly PendingRequest[] };
type Lane = { readonly port: EncoderPort; readonly batches: Batch[]; progressTick: number };

/**
 * Hands texts to encoder threads: at once when one is idle, gathered into batches while all are busy.
 *
 * Nothing of a request outlives the pool: every one is settled once, by its answer, its deadline or
 * the end of a thread.
 */
export class EncoderPool {
  private readonly limits: PoolLimits;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly onDeath: (error: ModelError) => void;
  private readonly queue: RequestQueue;
  private readonly settled = new WeakSet<PendingRequest>();
  private readonly lanes: Lane[] = [];
  private nextId = 1;
  private isSweeping = false;
  private closedBy: ModelError | null = null;

  /** @param onDeath hears once that a thread died, after every request was rejected */
  constructor(
    limits: PoolLimits,
    edges: { readonly clock: Clock; readonly log: Log },
    onDeath: (error: ModelError) => void,
  ) {
    this.limits = limits;
    this.clock = edges.clock;
    this.log = edges.log;
    this.onDeath = onDeath;
    this.queue = new RequestQueue(limits.queueLimit, limits.maxBatch);
  }

  /** Adds a thread that has said `ready`. */
  attach(port: EncoderPort): void {
    const lane: Lane = { port, batches: [], progressTick: this.clock.tick() };
    this.lanes.push(lane);
    port.onMessage((message) => this.receive(lane, message));
    port.onExit((why) => this.die(`an encoder thread ended: ${why}`));
    this.dispatch();
  }

  /** Texts that wait; those being computed are not among them. */
  get waiting(): number {
    return this.queue.size;
  }

  /** Uses a model from the next batch on. */
  install(model: Uint8Array<ArrayBuffer>): void {
    for (const { port } of this.lanes) port.post({ type: 'install', model });
  }

  /** Takes a request; it is settled at once with MODEL_QUEUE_FULL when too many wait. */
  submit(request: PendingRequest): void {
    if (this.closedBy) {
      this.reject(request, this.closedBy);
    } else if (this.queue.add(request)) {
      this.dispatch();
      if (!this.isSweeping) void this.sweep();
    } else {
      const detail = `${this.queue.size} texts wait for the encoder already: ask again shortly`;
      this.reject(request, new ModelError('MODEL_QUEUE_FULL', { detail }));
    }
  }

  /** Rejects everything that is pending and ends the threads. */
  async close(error: ModelError): Promise<void> {
    this.rejectAll(error);
    await Promise.all(this.lanes.map(({ port }) => port.terminate()));
  }

  private dispatch(): void {
    for (const lane of this.lanes) {
      while (this.canSend(lane)) this.send(lane);
    }
  }

  private canSend(lane: Lane): boolean {
    if (this.queue.size === 0 || lane.batches.length >= DEPTH) return false;
    // Behind a running batch only a full one is queued: a small one could still grow.
    return lane.batches.length === 0 || this.queue.fillsBatch;
  }

  private send(lane: Lane): void {
    const nowTick = this.clock.tick();
    for (const late of this.queue.takeExpired(nowTick)) this.expire(late);
    const requests = this.queue.take();
    const [first] = requests;
    if (!first) return;
    if (lane.batches.length === 0) lane.progressTick = nowTick;
    const id = this.nextId;
    this.nextId += 1;
    lane.batches.push({ id, requests });
    lane.port.post({ type: first.type, id, texts: requests.flatMap(({ texts }) => texts) });
  }

  private receive(lane: Lane, message: EncoderResponse): void {
    lane.progressTick = this.clock.tick();
    if (message.type === 'failed') this.die(message.detail);
    if (message.type === 'failed' || message.type === 'ready') return;
    const at = lane.batches.findIndex(({ id }) => id === message.id);
    const [batch] = at < 0 ? [] : lane.batches.splice(at, 1);
    this.dispatch();
    if (batch) this.settleBatch(batch, message);
  }

  private settleBatch(
    batch: Batch,
    message: Exclude<EncoderResponse, { type: 'ready' | 'failed' }>,
  ): void {
    let from = 0;
    const total = batch.requests.reduce((sum, { texts }) => sum + texts.length, 0);
    for (const request of batch.requests) {
      const to = from + request.texts.length;
      if (message.type === 'refused') {
        const { code, detail } = message;
        this.reject(request, new ModelError(code, { detail }));
      } else if (message.type === 'embedded') {
        const width = message.vectors.length / total;
        const vectors = message.vectors.subarray(from * width, to * width);
        this.settle(request, { type: 'embedded', vectors, ms: message.ms });
      } else {
        const readings = message.readings.slice(from, to);
        this.settle(request, { type: 'understood', readings, ms: message.ms });
      }
      from = to;
    }
  }

  private async sweep(): Promise<void> {
    this.isSweeping = true;
    while (
      !this.closedBy &&
      (this.queue.size > 0 || this.lanes.some((l) => l.batches.length > 0))
    ) {
      await this.clock.sleep(SWEEP_MS);
      this.sweepOnce(this.clock.tick());
    }
    this.isSweeping = false;
  }

  private sweepOnce(nowTick: number): void {
    for (const late of this.queue.takeExpired(nowTick)) this.expire(late);
    for (const lane of this.lanes) {
      for (const request of lane.batches.flatMap(({ requests }) => requests)) {
        if (request.deadlineTick <= nowTick) this.expire(request);
      }
      const silentMs = nowTick - lane.progressTick;
      if (lane.batches.length > 0 && silentMs > this.limits.stallMs) {
        this.die(`an encoder thread has not answered for ${Math.round(silentMs)} ms`);
      }
    }
  }

  private die(why: string): void {
    if (this.closedBy) return;
    const error = new ModelError('MODEL_NOT_READY', { detail: `${why}; the engine must restart` });
    this.log.error('encoder threads are gone', { why });
    const ended = this.close(error);
    ended.catch((cause: unknown) => this.log.warn('an encoder thread did not end', { cause }));
    this.onDeath(error);
  }

  private rejectAll(error: ModelError): void {
    this.closedBy ??= error;
    for (const request of this.queue.takeAll()) this.reject(request, error);
    for (const lane of this.lanes) {
      for (const batch of lane.batches.splice(0)) {
        for (const request of batch.requests) this.reject(request, error);
      }
    }
  }

  private expire(request: PendingRequest): void {
    const detail = 'the encoder did not answer within the deadline: ask again';
    this.reject(request, new ModelError('MODEL_TIMEOUT', { detail }));
  }

  private reject(request: PendingRequest, error: ModelError): void {
    this.settle(request, { type: 'rejected', error });
  }

  private settle(request: PendingRequest, outcome: Settled): void {
    if (this.settled.has(request)) return;
    this.settled.add(request);
    request.settle(outcome);
  }
}
