import type { Clock } from '../domain/ports.ts';

/** When and how long a key must wait after wrong passwords. */
export type DelayRule = {
  /** Failures that cost nothing, for people who mistype. */
  readonly free: number;
  /** The wait after the first failure beyond, doubled by each further one. */
  readonly firstMs: number;
  readonly maxMs: number;
};

type Charge = { failures: number; freeAtTick: number; lastTick: number };

const FORGET_AFTER_MS = 60 * 60_000;
const MAX_KEYS = 10_000;

/**
 * Makes whoever gives wrong passwords wait longer and longer.
 *
 * The longest wait for an account is short on purpose: a stranger must not be able to keep its owner
 * out, and even so no more than some thousand guesses a day are left.
 */
export class SignInDelays {
  readonly #clock: Clock;
  readonly #rule: DelayRule;
  readonly #records = new Map<string, Charge>();

  constructor(clock: Clock, rule: DelayRule) {
    this.#clock = clock;
    this.#rule = rule;
  }

  /** How long `key` still has to wait; 0 when it may try. */
  waitMs(key: string): number {
    const record = this.#records.get(key);
    return record ? Math.max(0, record.freeAtTick - this.#clock.tick()) : 0;
  }

  /**
   * Counts an attempt as failed before its password is checked, so that attempts sent all at once
   * count like those sent one after the other.
   */
  charge(key: string): void {
    const tick = this.#clock.tick();
    this.#forgetOld(tick);
    const record = this.#records.get(key) ?? { failures: 0, freeAtTick: tick, lastTick: tick };
    record.failures++;
    record.lastTick = tick;
    const beyond = record.failures - this.#rule.free;
    if (beyond > 0) {
      record.freeAtTick = tick + Math.min(this.#rule.maxMs, this.#rule.firstMs * 2 ** (beyond - 1));
    }
    // Deleting first keeps the map in the order of last use.
    this.#records.delete(key);
    this.#records.set(key, record);
  }

  /** Takes one charge back: the attempt turned out well or was never checked. */
  refund(key: string): void {
    const record = this.#records.get(key);
    if (record === undefined) return;
    record.failures--;
    record.freeAtTick = this.#clock.tick();
    if (record.failures <= 0) this.#records.delete(key);
  }

  /** Forgets the failures of `key`. */
  clear(key: string): void {
    this.#records.delete(key);
  }

  #forgetOld(tick: number): void {
    for (const [key, { lastTick }] of this.#records) {
      if (this.#records.size < MAX_KEYS && tick - lastTick < FORGET_AFTER_MS) return;
      this.#records.delete(key);
    }
  }
}
