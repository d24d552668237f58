import type { Lane } from '../../domain/events.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { FileRoot } from '../../platform/durable-files.ts';
import type { DeriveKey } from '../sealing.ts';
import type { QueueLimits } from './commit-queue.ts';
import type { Committed, LedgerEvent } from './frame-events.ts';

/** Seals personal fields with the key of their subject. */
export interface PersonalSealer {
  /** Makes the keys that are missing, durably. */
  ensureKeys(subjects: readonly string[]): Promise<void>;
  seal(subject: string, personal: Readonly<Record<string, string>>): Record<string, string>;
}

/** Sizes that a ledger keeps to. */
export type LedgerLimits = QueueLimits & {
  /** A segment that has reached this size is closed. */
  readonly segmentBytes: number;
  /** The newest segments up to this size are read wholly at start. */
  readonly deepCheckBytes: number;
};

/** What a ledger is made of. */
export type LedgerOptions<E extends LedgerEvent> = {
  readonly files: FileRoot;
  readonly derive: DeriveKey;
  readonly clock: Clock;
  readonly log: Log;
  readonly laneOf: (type: E['type']) => Lane;
  readonly personal: PersonalSealer;
  readonly limits: LedgerLimits;
};

/** How the ledger is, for probes and pages. */
export type LedgerStat = {
  readonly segments: number;
  readonly bytes: number;
  readonly lastSequence: number;
  readonly lanes: Readonly<Record<Lane, number>>;
  readonly readOnly: boolean;
  /** Hash that stands for every event so far, hexadecimal. */
  readonly chainHead: string;
  /** Milliseconds of the last write with its sync; null before the first. */
  readonly lastSyncMs: number | null;
};

/** Folds one committed event; each call of `read` gives a copy that may be kept and changed. */
export type Applier<E extends LedgerEvent> = (sequence: number, read: () => Committed<E>) => void;
