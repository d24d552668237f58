import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../domain/ports.ts';

/** Tells the time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  tick: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      // Node rejects with its own AbortError; callers look for the reason they gave.
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
