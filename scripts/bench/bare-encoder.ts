import type { Config } from '../../src/config/load-config.ts';
import type { Log } from '../../src/domain/ports.ts';
import type { BatchMs } from '../../src/inference/encoder/encoder-messages.ts';
import { spawnEncoder } from '../../src/inference/encoder/open-encoder.ts';
import { EncoderEngine } from '../../src/inference/encoder-engine.ts';
import { systemClock } from '../../src/platform/system-clock.ts';

const nothing = (): void => undefined;
/** Writes nothing: what goes wrong is thrown. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The encoder of the box, in the same worker layout, with nothing around it. */
export class BareEncoder {
  readonly #engine: EncoderEngine;
  readonly #listeners = new Set<(ms: BatchMs) => void>();

  constructor({ paths, profile }: Config) {
    const { threads, queueLimit } = profile.engine;
    const options = { encoderFolder: paths.encoder, cacheFolder: null, threads, queueLimit };
    this.#engine = new EncoderEngine(options, {
      clock: systemClock,
      log: silentLog,
      spawnEncoder: (start) => {
        const port = spawnEncoder(start);
        port.onMessage((message) => {
          if (message.type !== 'embedded') return;
          for (const hear of this.#listeners) hear(message.ms);
        });
        return port;
      },
    });
  }

  /** @throws Error when the encoder does not load */
  async start(): Promise<void> {
    await this.#engine.start(new AbortController().signal);
    const { status, detail } = this.#engine.state();
    if (status !== 'ready') throw new Error(`the bare encoder is ${status}: ${detail}`);
  }

  stop(): Promise<void> {
    return this.#engine.stop();
  }

  /** Embeds one text; the time to the worker and back, and what the worker says of it. */
  async time(text: string): Promise<{ readonly totalMs: number; readonly batchMs: BatchMs }> {
    let batchMs: BatchMs = { tokenise: 0, encode: 0, classify: 0 };
    const hear = (ms: BatchMs): void => {
      batchMs = ms;
    };
    this.#listeners.add(hear);
    const startTick = performance.now();
    await this.#engine.embed([text]);
    const totalMs = performance.now() - startTick;
    this.#listeners.delete(hear);
    return { totalMs, batchMs };
  }

  /**
   * Embeds single texts, as the turns of a busy box ask for them, which the pool joins to batches.
   *
   * @param outstanding texts that are asked for at a time
   * @returns texts per second after the warm-up
   */
  async throughput(
    texts: readonly string[],
    outstanding: number,
    window: { readonly warmUpMs: number; readonly durationMs: number },
  ): Promise<number> {
    const beginTick = performance.now() + window.warmUpMs;
    const endTick = beginTick + window.durationMs;
    let next = 0;
    let done = 0;
    const ask = async (): Promise<void> => {
      while (performance.now() < endTick) {
        await this.#engine.embed([texts[next++ % texts.length] ?? '']);
        const tick = performance.now();
        if (tick >= beginTick && tick < endTick) done += 1;
      }
    };
    await Promise.all(Array.from({ length: outstanding }, ask));
    return done / (window.durationMs / 1000);
  }
}
