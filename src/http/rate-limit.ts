import { InputError } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';

/** How often something may be done. */
export type RateLimit = { readonly perSecond: number; readonly burst: number };

type Bucket = { tokens: number; tick: number };

/** Bucket count at which full ones, which limit nobody, are forgotten. */
const TIDY_AT = 4_096;

/** One token bucket per key. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Takes one token of a key. @throws InputError HTTP_RATE_LIMITED */
  take(key: string): void {
    const { perSecond, burst } = this.#limit;
    const tick = this.#clock.tick();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, tick };
    bucket.tokens = Math.min(burst, bucket.tokens + ((tick - bucket.tick) / 1000) * perSecond);
    bucket.tick = tick;
    if (bucket.tokens < 1) {
      throw new InputError('HTTP_RATE_LIMITED', {
        detail: `more than ${perSecond} requests a second (burst ${burst}); slow down`,
      });
    }
    bucket.tokens -= 1;
    if (this.#buckets.size >= TIDY_AT) this.#tidy(tick);
    this.#buckets.set(key, bucket);
  }

  #tidy(tick: number): void {
    const { perSecond, burst } = this.#limit;
    for (const [key, bucket] of this.#buckets)
      if (bucket.tokens + ((tick - bucket.tick) / 1000) * perSecond >= burst)
        this.#buckets.delete(key);
  }
}
