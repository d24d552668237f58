import type { ErrorCode } from '../domain/error-catalogue.ts';
import { ApplianceError, ModelError } from '../domain/errors.ts';
import type { Part } from '../domain/part.ts';
import type { Clock, Log, Thresholds, Understander, Understanding } from '../domain/ports.ts';
import { embedTexts } from './encoder/embed-texts.ts';
import type { EncoderStart } from './encoder/encoder-messages.ts';
import { EncoderPool, type EncoderPort } from './encoder/encoder-pool.ts';
import type { EncoderFolder } from './encoder/load-encoder-folder.ts';
import { type OpenEncoder, openEncoder, spawnEncoder } from './encoder/open-encoder.ts';
import type { Settled } from './encoder/request-queue.ts';
import { NEVER_ANSWER } from './intent/calibrate.ts';
import {
  type Activation,
  type ProvidedModel,
  provideIntentModel,
  trainInThread,
} from './intent/provide-intent-model.ts';
import type { TrainingJob } from './intent/train-intent-model.ts';

/** Largest batch: bigger ones are no faster per text and make everyone wait longer. */
const MAX_BATCH = 16;
const STALL_MS = 10_000;
const RETRY_MS = 50;
/** Batches of an `embed` call that are under way at a time, for each thread. */
const EMBED_DEPTH = 2;

/** What an engine is made with. */
export type EncoderEngineOptions = {
  /** Encoder in Hugging Face layout, such as `models/encoder`. */
  readonly encoderFolder: string;
  /** Where trained models are kept; null trains anew at every start. */
  readonly cacheFolder: string | null;
  /** Cores that one batch may use. Default 2. */
  readonly threads?: number;
  /** Encoder threads, each with its own copy of the model. Default 1. */
  readonly workers?: number;
  /** Most texts that may wait. Default 512. */
  readonly queueLimit?: number;
  /** Accepts an encoder folder without manifest. Default false. */
  readonly allowUnverified?: boolean;
};

/** What an engine needs from outside; tests replace the threads. */
export type EncoderEngineEdges = {
  readonly clock: Clock;
  readonly log: Log;
  readonly spawnEncoder?: (start: EncoderStart) => EncoderPort;
  /** Trains off the main thread; resolves to the bytes of the model. */
  readonly train?: (job: TrainingJob, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;
};

/** How the engine is. `ready`: the encoder runs; `hasIntents`: and can understand. */
export type EngineState = {
  readonly status: 'stopped' | 'starting' | 'ready' | 'failed';
  readonly hasIntents: boolean;
  /** Why it failed. */
  readonly code: ErrorCode | null;
  readonly detail: string | null;
};

/** Where the active model came from. */
export type ActivationReport = {
  readonly source: 'cache' | 'trained';
  readonly key: string;
  readonly ms: number;
  readonly intents: number;
  readonly utterances: number;
  readonly thresholds: Thresholds;
};

/**
 * Answering on the box: encoder threads, and the intent model that they hold.
 *
 * Never takes the process down: what goes wrong becomes a state with an error code.
 */
export class EncoderEngine implements Part, Understander {
  readonly name = 'inference';
  readonly vital = false;
  private readonly options: EncoderEngineOptions;
  private readonly edges: EncoderEngineEdges;
  private pool: EncoderPool | null = null;
  private folder: EncoderFolder | null = null;
  private active: ProvidedModel | null = null;
  private status: EngineState['status'] = 'stopped';
  private fault: ApplianceError | null = null;

  constructor(options: EncoderEngineOptions, edges: EncoderEngineEdges) {
    this.options = options;
    this.edges = edges;
  }

  /** How the engine is now. */
  state(): EngineState {
    return {
      status: this.status,
      hasIntents: this.status === 'ready' && this.active !== null,
      code: this.fault?.code ?? null,
      detail: this.fault?.message ?? null,
    };
  }

  /** Texts that wait for a thread. */
  waiting(): number {
    return this.pool?.waiting ?? 0;
  }

  /** Loads, verifies and warms the encoder up. A fault ends in the state `failed`, never in a throw. */
  async start(signal: AbortSignal): Promise<void> {
    const startTick = this.edges.clock.tick();
    this.status = 'starting';
    this.fault = null;
    const { encoderFolder, workers = 1, threads = 2, allowUnverified = false } = this.options;
    const plan = { path: encoderFolder, workers, threads, allowUnverified };
    try {
      const encoder = await openEncoder(plan, this.edges.spawnEncoder ?? spawnEncoder, signal);
      this.use(encoder);
      const ms = Math.round(this.edges.clock.tick() - startTick);
      this.edges.log.info('encoder is ready', { encoder: encoder.folder.name, ms });
    } catch (error) {
      // Asked to stop while loading: nothing has failed.
      if (signal.aborted) this.status = 'stopped';
      else this.fail(error);
    }
  }

  /** Rejects what waits and ends the threads. */
  async stop(): Promise<void> {
    const { pool } = this;
    this.pool = null;
    this.status = 'stopped';
    const detail = 'the engine has been stopped';
    await pool?.close(new ModelError('MODEL_NOT_READY', { detail }));
  }

  /** Starts again, with the model that was active. For the runbook of a dead or hanging thread. */
  async restart(signal: AbortSignal = new AbortController().signal): Promise<void> {
    await this.stop();
    await this.start(signal);
  }

  /**
   * Understands by these texts from now on, without a restart: loads the model they make from the
   * cache, or trains it while the one before goes on answering.
   *
   * @throws ModelError MODEL_NOT_READY when the encoder does not run
   */
  async activate(
    request: Activation,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ActivationReport> {
    const { clock, log, train = trainInThread } = this.edges;
    const startTick = clock.tick();
    const { folder } = this;
    if (!folder) throw this.notReady();
    const { key, source, bytes, model } = await provideIntentModel(request, {
      encoderFingerprint: folder.fingerprint,
      dimensions: folder.dimensions,
      cacheFolder: this.options.cacheFolder,
      embed: (texts) => this.embed(texts),
      train,
      clock,
      signal,
      log,
    });
    this.active = { key, source, bytes, model };
    this.pool?.install(bytes);
    const { labels, utterances, thresholds } = model;
    const report: ActivationReport = {
      source,
      key,
      ms: Math.round(clock.tick() - startTick),
      intents: labels.length,
      utterances: utterances.length,
      thresholds,
    };
    log.info('intents are active', report);
    return report;
  }

  /** @see Understander.understand */
  async understand(text: string, deadlineMs: number): Promise<Understanding> {
    if (!this.active) throw this.notReady();
    const startTick = this.edges.clock.tick();
    const outcome = await this.ask('understand', [text], startTick + deadlineMs);
    if (outcome.type !== 'understood') throw this.notReady();
    const [reading] = outcome.readings;
    if (!reading) throw this.notReady();
    const { tokenise, encode, classify } = outcome.ms;
    const totalMs = this.edges.clock.tick() - startTick;
    const queue = Math.max(0, totalMs - tokenise - encode - classify);
    const { candidates, nearest } = reading;
    return { candidates, nearest, stagesMs: { queue, tokenise, encode, classify } };
  }

  /** When the active model may answer; never, while there is none. */
  thresholds(): Thresholds {
    return this.active?.model.thresholds ?? NEVER_ANSWER;
  }

  /**
   * Embeds any number of texts, in batches of similar length; waits for its turn behind customers.
   *
   * @returns row-major [texts, dimensions], rows of unit length
   * @throws ModelError MODEL_NOT_READY
   */
  async embed(texts: readonly string[]): Promise<Float32Array> {
    const { folder } = this;
    if (!folder) throw this.notReady();
    const depth = EMBED_DEPTH * (this.options.workers ?? 1);
    const plan = { dimensions: folder.dimensions, maxBatch: MAX_BATCH, depth };
    return embedTexts(texts, plan, (batch) => this.embedBatch(batch));
  }

  private async embedBatch(texts: readonly string[]): Promise<Float32Array> {
    for (;;) {
      try {
        const outcome = await this.ask('embed', texts, Number.POSITIVE_INFINITY);
        if (outcome.type === 'embedded') return outcome.vectors;
        throw this.notReady();
      } catch (error) {
        if (!(error instanceof ModelError && error.code === 'MODEL_QUEUE_FULL')) throw error;
        await this.edges.clock.sleep(RETRY_MS);
      }
    }
  }

  private ask(
    type: 'embed' | 'understand',
    texts: readonly string[],
    deadlineTick: number,
  ): Promise<Exclude<Settled, { type: 'rejected' }>> {
    const { pool } = this;
    if (!pool) return Promise.reject(this.notReady());
    return new Promise((resolve, reject) => {
      const settle = (outcome: Settled): void => {
        if (outcome.type === 'rejected') reject(outcome.error);
        else resolve(outcome);
      };
      pool.submit({ type, texts, deadlineTick, settle });
    });
  }

  private use({ folder, ports }: OpenEncoder): void {
    const limits = {
      queueLimit: this.options.queueLimit ?? 512,
      maxBatch: MAX_BATCH,
      stallMs: STALL_MS,
    };
    const pool = new EncoderPool(limits, this.edges, (error) => this.fail(error));
    for (const port of ports) pool.attach(port);
    // Another encoder, another space: a model trained on the old one means nothing in it.
    if (this.folder && this.folder.fingerprint !== folder.fingerprint) this.active = null;
    if (this.active) pool.install(this.active.bytes);
    this.folder = folder;
    this.pool = pool;
    this.status = 'ready';
  }

  private fail(error: unknown): void {
    const detail = `the encoder in ${this.options.encoderFolder} does not start: ${String(error)}`;
    this.fault =
      error instanceof ApplianceError
        ? error
        : new ModelError('MODEL_LOAD_FAILED', { detail, cause: error });
    this.pool = null;
    this.status = 'failed';
    this.edges.log.error('encoder has failed', {
      code: this.fault.code,
      detail: this.fault.message,
    });
  }

  private notReady(): ModelError {
    const why = this.fault?.message ?? `the engine is ${this.status}`;
    return new ModelError('MODEL_NOT_READY', { detail: why, cause: this.fault ?? undefined });
  }
}
