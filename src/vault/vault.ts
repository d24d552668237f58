import { InternalError } from '../domain/errors.ts';
import type { Lane } from '../domain/events.ts';
import type { Part } from '../domain/part.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { FileRoot } from '../platform/durable-files.ts';
import { Documents } from './documents.ts';
import type { LedgerEvent } from './ledger/frame-events.ts';
import type { LedgerLimits } from './ledger/ledger-options.ts';
import type { LedgerRecovery } from './ledger/recover-ledger.ts';
import { SealedLedger } from './ledger/sealed-ledger.ts';
import { LEDGER_FOLDER, loadMasterKey, type MasterKeySource } from './master-key.ts';
import { type DeriveKey, deriveKey } from './sealing.ts';
import { SubjectKeys } from './subject-keys.ts';

/** What a vault is made of. */
export type VaultOptions<E extends LedgerEvent> = {
  /** The folder that it has to itself. */
  readonly files: FileRoot;
  readonly masterKey: MasterKeySource;
  readonly clock: Clock;
  readonly log: Log;
  readonly laneOf: (type: E['type']) => Lane;
  readonly limits?: Partial<LedgerLimits>;
  /** A projection is written after this many events; 2,000 when not given. */
  readonly snapshotEvents?: number;
};

/** What must be said about a start. */
export type VaultReport = {
  /** To be printed for the person at the console; null when there is nothing to say. */
  readonly keyWarning: string | null;
  readonly recovery: LedgerRecovery;
};

const LIMITS: LedgerLimits = {
  segmentBytes: 16 << 20,
  queuedEvents: 4_096,
  queuedBytes: 8 << 20,
  deepCheckBytes: 32 << 20,
};
const LOCK_FILE = 'lock';

/** Everything that is stored: keys, ledger and documents, in one folder and with one life. */
export class Vault<E extends LedgerEvent> implements Part {
  readonly name = 'vault';
  readonly vital = true;
  readonly ledger: SealedLedger<E>;
  readonly documents: Documents<E>;
  readonly personal: SubjectKeys;
  readonly #options: VaultOptions<E>;
  readonly #running: Part[] = [];
  #masterKey: Buffer | null = null;
  #keyWarning: string | null = null;
  #unlock: (() => Promise<void>) | null = null;

  constructor(options: VaultOptions<E>) {
    const { files, clock, log, laneOf } = options;
    const derive: DeriveKey = (purpose) => this.derive(purpose);
    const limits = { ...LIMITS, ...options.limits };
    const snapshotEvents = options.snapshotEvents ?? 2_000;
    const personal = new SubjectKeys({ files: files.folder('subjects'), derive, log });
    const shared = { derive, clock, log, laneOf, personal, limits };
    const ledger = new SealedLedger<E>({ files: files.folder(LEDGER_FOLDER), ...shared });
    const documents = { files: files.folder('documents'), derive, log, ledger, snapshotEvents };
    this.#options = options;
    this.personal = personal;
    this.ledger = ledger;
    this.documents = new Documents(documents);
  }

  /**
   * @throws StorageError VAULT_LOCKED, VAULT_KEY_UNREADABLE, VAULT_KEY_WRONG, VAULT_CORRUPT
   */
  async start(signal: AbortSignal): Promise<void> {
    const { files, masterKey } = this.#options;
    await files.make();
    this.#unlock = await files.lock(LOCK_FILE);
    try {
      const { key, warning } = await loadMasterKey(files, masterKey);
      this.#masterKey = key;
      this.#keyWarning = warning;
      for (const part of [this.personal, this.ledger, this.documents] as Part[]) {
        await part.start(signal);
        this.#running.unshift(part);
      }
    } catch (error) {
      // What keeps it from starting is the thing to tell, not what stopping says of it.
      await this.stop().catch(() => undefined);
      throw error;
    }
  }

  async stop(): Promise<void> {
    const failures: unknown[] = [];
    const keep = (error: unknown): number => failures.push(error);
    for (const part of this.#running.splice(0)) await part.stop().catch(keep);
    await this.#unlock?.().catch(keep);
    this.#unlock = null;
    if (failures.length > 0) throw new AggregateError(failures, 'The vault did not stop in order');
  }

  /** What must be said about the start. */
  report(): VaultReport {
    return { keyWarning: this.#keyWarning, recovery: this.ledger.recovery() };
  }

  /**
   * Gives another room a key of its own; the same for the same purpose, over restarts.
   *
   * @throws InternalError before the vault has been started
   */
  derive(purpose: string): Buffer {
    if (this.#masterKey === null) {
      throw new InternalError('INTERNAL_UNEXPECTED', { detail: 'The vault has not been started.' });
    }
    return deriveKey(this.#masterKey, purpose);
  }
}
