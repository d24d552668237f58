import { Low } from 'lowdb';
import { z } from 'zod';
import { InternalError } from '../domain/errors.ts';
import type { Part } from '../domain/part.ts';
import type { Log, Projected } from '../domain/ports.ts';
import type { FileRoot } from '../platform/durable-files.ts';
import type { Committed, LedgerEvent } from './ledger/frame-events.ts';
import type { SealedLedger } from './ledger/sealed-ledger.ts';
import { SealedAdapter } from './sealed-adapter.ts';
import type { DeriveKey } from './sealing.ts';

/** A projection over the events of one ledger; `Projection` of the domain for the appliance's. */
export type ProjectionOf<E extends LedgerEvent, S> = {
  readonly name: string;
  readonly version: number;
  initial(): S;
  apply(state: S, event: Committed<E>): void;
  parse(stored: unknown): S;
};

/** A small document that is no projection: a cursor, a setting. */
export interface SealedDocument<T extends object> {
  read(): T;
  /** Resolves when it is durable; `read` gives the new one from then on. */
  write(next: T): Promise<void>;
}

/** What documents are made of. */
export type DocumentsOptions<E extends LedgerEvent> = {
  readonly files: FileRoot;
  readonly derive: DeriveKey;
  readonly log: Log;
  readonly ledger: SealedLedger<E>;
  /** A projection is written after this many events, and at stop. */
  readonly snapshotEvents: number;
};

/** State with the sequence of the last event in it. */
type Snapshot = { readonly applied: number; readonly state: unknown };
const StoredSnapshot = z.object({ applied: z.int().nonnegative(), state: z.unknown() });

type Fold<E extends LedgerEvent> = {
  readonly projection: ProjectionOf<E, unknown>;
  state: unknown;
  applied: number;
  savedAt: number;
  /** A fold that threw is not saved: the next start makes it again from the ledger. */
  isBroken: boolean;
};

/** Keeps state on disk: projections of the ledger as snapshots, and small documents. */
export class Documents<E extends LedgerEvent> implements Part {
  readonly name = 'documents';
  readonly vital = true;
  readonly #options: DocumentsOptions<E>;
  readonly #folds: Fold<E>[] = [];
  readonly #loads: (() => Promise<void>)[] = [];
  #saving: Promise<void> | null = null;

  constructor(options: DocumentsOptions<E>) {
    this.#options = options;
  }

  /** Registers a projection; before `start` its state is the initial one. */
  project<S>(projection: ProjectionOf<E, S>): Projected<S> {
    const fold: Fold<E> = {
      projection: projection as ProjectionOf<E, unknown>,
      state: projection.initial(),
      applied: 0,
      savedAt: 0,
      isBroken: false,
    };
    this.#folds.push(fold);
    return {
      get state(): S {
        return fold.state as S;
      },
    };
  }

  /** Registers a small document; before `start` it reads as `initial`. */
  sealedDocument<T extends object>(
    name: string,
    parse: (stored: unknown) => T,
    initial: T,
  ): SealedDocument<T> {
    let store: Low<T> | null = null;
    let writing: Promise<unknown> = Promise.resolve();
    this.#loads.push(async () => {
      store = new Low(this.#adapter(`document-${name}`, 1, parse), initial);
      await store.read();
    });
    return {
      read: () => store?.data ?? initial,
      write: (next) => {
        const turn = writing
          .catch(() => undefined)
          .then(async () => {
            if (store === null) throw notStarted(name);
            await store.adapter.write(next);
            store.data = next;
          });
        writing = turn;
        return turn;
      },
    };
  }

  /** Loads documents and folds what the ledger holds beyond them. */
  async start(): Promise<void> {
    const { files, ledger } = this.#options;
    await files.make();
    for (const load of this.#loads) await load();
    for (const fold of this.#folds) await this.#load(fold);
    const after = Math.min(...this.#folds.map(({ applied }) => applied));
    if (this.#folds.length > 0) {
      for await (const event of ledger.scan(after)) {
        // Each fold may keep and change what it is given, so each gets a copy of its own.
        this.#apply(() => structuredClone(event), event.sequence);
      }
    }
    ledger.addApplier((sequence, read) => {
      this.#apply(read, sequence);
      this.#saveWhenDue(this.#options.snapshotEvents);
    });
  }

  /** Writes what is not written yet. */
  async stop(): Promise<void> {
    await this.#saving;
    this.#saveWhenDue(1);
    await this.#saving;
  }

  #adapter<T>(name: string, version: number, parse: (stored: unknown) => T): SealedAdapter<T> {
    const { files, derive, log } = this.#options;
    return new SealedAdapter({ files, name, version, key: derive('documents'), log, parse });
  }

  #store({ projection }: Fold<E>): Low<Snapshot | null> {
    const parse = (stored: unknown): Snapshot => {
      const { applied, state } = StoredSnapshot.parse(stored);
      const last = this.#options.ledger.stat().lastSequence;
      if (applied > last) throw new Error(`it is ahead of the ledger: ${applied} > ${last}`);
      return { applied, state: projection.parse(state) };
    };
    const name = `projection-${projection.name}`;
    return new Low(this.#adapter<Snapshot | null>(name, projection.version, parse), null);
  }

  async #load(fold: Fold<E>): Promise<void> {
    const store = this.#store(fold);
    await store.read();
    if (store.data === null) {
      if (this.#options.ledger.stat().lastSequence > 0) {
        const { name } = fold.projection;
        this.#options.log.info('A projection is made again from the ledger', { projection: name });
      }
      return;
    }
    fold.state = store.data.state;
    fold.applied = store.data.applied;
    fold.savedAt = store.data.applied;
  }

  #apply(read: () => Committed<E>, sequence: number): void {
    for (const fold of this.#folds) {
      if (fold.applied >= sequence || fold.isBroken) continue;
      try {
        fold.projection.apply(fold.state, read());
      } catch (error) {
        fold.isBroken = true;
        const { name: projection } = fold.projection;
        this.#options.log.error('A projection failed and stands still', {
          projection,
          sequence,
          error,
        });
      }
      fold.applied = sequence;
    }
  }

  /** Saves in the background, one at a time, never on the way of a commit. */
  #saveWhenDue(events: number): void {
    const due = this.#folds.filter(
      (fold) => !fold.isBroken && fold.applied - fold.savedAt >= events,
    );
    if (due.length === 0 || this.#saving !== null) return;
    this.#saving = this.#save(due).finally(() => {
      this.#saving = null;
    });
  }

  async #save(folds: readonly Fold<E>[]): Promise<void> {
    for (const fold of folds) {
      const { applied } = fold;
      const store = this.#store(fold);
      store.data = { applied, state: fold.state };
      try {
        await store.write();
        fold.savedAt = applied;
      } catch (error) {
        // Nothing is lost: the ledger has it all, only the next start takes longer.
        const { name: projection } = fold.projection;
        this.#options.log.warn('A projection could not be written', { projection, error });
      }
    }
  }
}

function notStarted(name: string): InternalError {
  return new InternalError('INTERNAL_UNEXPECTED', {
    detail: `The document ${name} cannot be written before the vault has started.`,
  });
}
