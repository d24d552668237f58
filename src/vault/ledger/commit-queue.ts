import { StorageError } from '../../domain/errors.ts';

/** Bounds of what may wait for the disk. */
export type QueueLimits = { readonly queuedEvents: number; readonly queuedBytes: number };

/** A commit that waits. */
export type QueuedCommit<Event, Result> = {
  readonly events: readonly Event[];
  readonly bytes: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/** Bounds what one write holds up: everyone in it waits for the whole. */
const GROUP_BYTES = 1 << 20;

/** Holds commits in order until the disk is free, never more than its limits. */
export class CommitQueue<Event, Result> {
  readonly #limits: QueueLimits;
  #waiting: QueuedCommit<Event, Result>[] = [];
  #events = 0;
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** @throws StorageError VAULT_BUSY when it is full */
  add(events: readonly Event[], bytes: number): Promise<Result> {
    const { queuedEvents, queuedBytes } = this.#limits;
    if (this.#events + events.length > queuedEvents || this.#bytes + bytes > queuedBytes) {
      throw new StorageError('VAULT_BUSY', {
        detail: `${this.#events} events already wait for the disk: try again in a moment.`,
      });
    }
    this.#events += events.length;
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, bytes, resolve, reject });
    });
  }

  /** Takes the commits that the next write shall share; empty when none waits. */
  takeGroup(): readonly QueuedCommit<Event, Result>[] {
    let bytes = 0;
    const cut = this.#waiting.findIndex((commit, i) => {
      bytes += commit.bytes;
      return i > 0 && bytes > GROUP_BYTES;
    });
    const group = this.#waiting.splice(0, cut < 0 ? this.#waiting.length : cut);
    for (const commit of group) {
      this.#events -= commit.events.length;
      this.#bytes -= commit.bytes;
    }
    return group;
  }
}
