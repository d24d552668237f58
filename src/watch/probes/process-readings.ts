import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Part } from '../../domain/part.ts';
import type { Clock } from '../../domain/ports.ts';

const NS_PER_MS = 1e6;
const RESOLUTION_MS = 10;

/** Measures how long the event loop makes timers wait. */
export class EventLoopLag implements Part {
  readonly name = 'event-loop-lag';
  readonly vital = false;
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  async start(): Promise<void> {
    this.#histogram.enable();
  }

  async stop(): Promise<void> {
    this.#histogram.disable();
  }

  /** The 99th percentile since the last call, beyond the sampling timer's own interval; null at first. */
  takeP99Ms(): number | null {
    if (this.#histogram.count === 0) return null;
    const p99Ms = this.#histogram.percentile(99) / NS_PER_MS;
    this.#histogram.reset();
    return Math.max(0, p99Ms - RESOLUTION_MS);
  }
}

/** The share of the heap limit that is in use, 0..1. */
export function readHeapUsedShare(): number {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  return used_heap_size / heap_size_limit;
}

/**
 * Makes a reading of how far the wall clock has jumped since the reading before: the difference
 * between wall and monotonic time that passed, without sign.
 */
export function createClockStepReading(clock: Clock): () => number {
  let wallAt = clock.now();
  let tick = clock.tick();
  return () => {
    const wallMs = clock.now() - wallAt;
    const monotonicMs = clock.tick() - tick;
    wallAt += wallMs;
    tick += monotonicMs;
    return Math.abs(wallMs - monotonicMs);
  };
}
