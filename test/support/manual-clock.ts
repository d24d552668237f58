import type { Clock } from '../../src/domain/ports.ts';

type Sleeper = { readonly wakeTick: number; readonly wake: () => void };

/** A clock that stands still until told. */
export class ManualClock implements Clock {
  #now: number;
  #tick = 0;
  #sleepers: Sleeper[] = [];

  constructor(now = Date.UTC(2026, 10, 22, 9, 0, 0)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  tick(): number {
    return this.#tick;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const sleeper = { wakeTick: this.#tick + ms, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Moves both clocks on, waking sleepers in order and letting each one's work settle. */
  async advance(ms: number): Promise<void> {
    const end = this.#tick + ms;
    for (;;) {
      const next = this.#sleepers
        .filter((sleeper) => sleeper.wakeTick <= end)
        .sort((a, b) => a.wakeTick - b.wakeTick)[0];
      if (!next) break;
      this.#sleepers = this.#sleepers.filter((one) => one !== next);
      this.#move(next.wakeTick);
      next.wake();
      await settle();
    }
    this.#move(end);
    await settle();
  }

  /** Steps the wall clock only, as a bad time server does. */
  jump(ms: number): void {
    this.#now += ms;
  }

  #move(tick: number): void {
    this.#now += tick - this.#tick;
    this.#tick = tick;
  }
}

/** Lets promises that are ready run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
