import type { Lane } from '../domain/events.ts';

/** Batches that each lane gets of every thirteen while all are waiting. */
const SHARES: Readonly<Record<Lane, number>> = { urgent: 9, normal: 3, bulk: 1 };

/** The lanes, most pressing first. */
export const LANES: readonly Lane[] = ['urgent', 'normal', 'bulk'];

/**
 * Chooses whose turn it is: the urgent lane most of the time, and every lane often enough that none
 * starves (smooth weighted round robin, as nginx spreads requests).
 */
export class LaneScheduler {
  readonly #credit: Record<Lane, number> = { urgent: 0, normal: 0, bulk: 0 };

  /** @returns null when no lane is ready */
  next(isReady: (lane: Lane) => boolean): Lane | null {
    const ready = LANES.filter(isReady);
    let chosen: Lane | null = null;
    let total = 0;
    for (const lane of ready) {
      total += SHARES[lane];
      this.#credit[lane] += SHARES[lane];
      if (chosen === null || this.#credit[lane] > this.#credit[chosen]) chosen = lane;
    }
    // A lane with nothing to send does not save up for later: the urgent one stays first.
    for (const lane of LANES) if (!ready.includes(lane)) this.#credit[lane] = 0;
    if (chosen !== null) this.#credit[chosen] -= total;
    return chosen;
  }
}
