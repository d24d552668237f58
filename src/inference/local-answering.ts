import { ApplianceError } from '../domain/errors.ts';
import type { Part } from '../domain/part.ts';
import type { Log } from '../domain/ports.ts';
import type { EncoderEngine } from './encoder-engine.ts';
import type { Activation } from './intent/provide-intent-model.ts';

/**
 * Brings the engine on the box up while customers are already answered another way.
 *
 * A wrong model file or a full memory leaves the engine failed, never the box.
 */
export class LocalAnswering implements Part {
  readonly name = 'local-answering';
  readonly vital = false;
  readonly #engine: EncoderEngine;
  readonly #activation: Activation;
  readonly #log: Log;
  #stop = new AbortController();
  #loading: Promise<void> = Promise.resolve();

  constructor(engine: EncoderEngine, activation: Activation, log: Log) {
    this.#engine = engine;
    this.#activation = activation;
    this.#log = log;
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#stop = new AbortController();
    this.#loading = this.#load(AbortSignal.any([signal, this.#stop.signal]));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#engine.stop();
    await this.#loading;
  }

  /** Resolves when the engine answers, or has failed. */
  loaded(): Promise<void> {
    return this.#loading;
  }

  async #load(signal: AbortSignal): Promise<void> {
    await this.#engine.start(signal);
    if (this.#engine.state().status !== 'ready') return;
    try {
      await this.#engine.activate(this.#activation, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApplianceError)) throw error;
      this.#log.error('the intents could not be activated', { code: error.code });
    }
  }
}
