import { type CommittedEvent, type Lane, laneOf, type NewEvent } from '../../src/domain/events.ts';
import type { Clock, Ledger, Projected, Projection } from '../../src/domain/ports.ts';

/** The ledger port without a disk: commits at once, projects, tells subscribers. */
export class MemoryLedger implements Ledger {
  readonly events: CommittedEvent[] = [];
  /** Set to make the next commits fail. */
  failure: Error | null = null;
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: CommittedEvent) => void>();
  readonly #lanes: Record<Lane, number> = { urgent: 0, normal: 0, bulk: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async commit(events: readonly NewEvent[]): Promise<readonly CommittedEvent[]> {
    // As on a disk, the answer never comes in the same turn of the loop.
    await Promise.resolve();
    if (this.failure) throw this.failure;
    return events.map((event) => {
      const lane = laneOf(event.type);
      this.#lanes[lane] += 1;
      const committed = {
        ...event,
        sequence: this.events.length + 1,
        lane,
        laneSequence: this.#lanes[lane],
        at: this.#clock.now(),
      } as CommittedEvent;
      this.events.push(committed);
      for (const listener of this.#listeners) listener(committed);
      return committed;
    });
  }

  subscribe(listener: (event: CommittedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Folds every event, past and to come. */
  project<S>(projection: Projection<S>): Projected<S> {
    const projected = { state: projection.initial() };
    for (const event of this.events) projection.apply(projected.state, event);
    this.subscribe((event) => projection.apply(projected.state, event));
    return projected;
  }

  /** The types of everything committed, in order. */
  types(): string[] {
    return this.events.map((event) => event.type);
  }
}
