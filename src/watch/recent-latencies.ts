const MAX_KEPT = 200;

/** Keeps the last latencies of something, to tell a percentile of them. */
export class RecentLatencies {
  readonly #kept: number[] = [];
  #next = 0;

  record(ms: number): void {
    this.#kept[this.#next] = ms;
    this.#next = (this.#next + 1) % MAX_KEPT;
  }

  /** The smallest latency that `share` (0..1) of the last 200 do not exceed; null when there is none. */
  percentileMs(share: number): number | null {
    const sorted = this.#kept.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
  }
}
