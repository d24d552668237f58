import { ApplianceError, StorageError } from '../../domain/errors.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { FileRoot } from '../../platform/durable-files.ts';
import { encodeGroup } from './encode-group.ts';
import { CLEAN_STOP, type Position } from './frame.ts';
import type { EventText, PlacedText } from './frame-events.ts';
import { ORIGIN } from './inspect-segment.ts';
import type { RecoveredLedger } from './recover-ledger.ts';
import type { SegmentIndex } from './segment-index.ts';
import { createSegment, type SegmentWriter } from './segment-writer.ts';

/** What a journal is made of. */
export type JournalOptions = {
  readonly files: FileRoot;
  readonly wrapKey: () => Buffer;
  readonly clock: Clock;
  readonly log: Log;
  /** A segment that has reached this size is closed. */
  readonly segmentBytes: number;
};

const RETRY_MS = 1_000;

/**
 * Writes groups of events to one segment after another.
 *
 * After a failed write or sync nothing is written to that segment again: the kernel may have dropped
 * the data and say yes to the next sync. The journal refuses until a new segment can be made, which
 * a write tries at most once a second.
 */
export class Journal {
  readonly segments: SegmentIndex[] = [];
  /** After which event the ledger stands: acknowledged, durable. */
  last: Position = ORIGIN;
  /** Milliseconds of the last write with its sync; null before the first. */
  lastSyncMs: number | null = null;
  readonly #options: JournalOptions;
  #writer: SegmentWriter | null = null;
  #failure: { readonly error: ApplianceError; readonly retryTick: number } | null = null;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** Takes over what recovery found. */
  resume(recovered: RecoveredLedger): void {
    this.segments.push(...recovered.segments);
    this.last = recovered.last;
  }

  isReadOnly(): boolean {
    return this.#failure !== null;
  }

  /** Why nothing can be written now; null when a write may be tried. */
  refusal(): ApplianceError | null {
    const failure = this.#failure;
    return failure !== null && this.#options.clock.tick() < failure.retryTick
      ? failure.error
      : null;
  }

  /**
   * Writes commits with one sync; none of them is committed when it throws.
   *
   * @returns their events, durable
   * @throws StorageError VAULT_READ_ONLY or VAULT_DISK_FULL
   */
  async write(commits: readonly (readonly EventText[])[]): Promise<readonly PlacedText[]> {
    const refusal = this.refusal();
    if (refusal !== null) throw refusal;
    const { clock, log } = this.#options;
    const startTick = clock.tick();
    try {
      const writer = await this.#writable();
      const group = encodeGroup(commits, writer.index, clock.now());
      await writer.append(group);
      this.last = writer.index.last;
      this.lastSyncMs = clock.tick() - startTick;
      if (this.#failure !== null) log.info('The ledger can write again', { ...this.#place() });
      this.#failure = null;
      return group.events;
    } catch (cause) {
      throw await this.#fail(cause);
    }
  }

  /** Closes the last segment in order, so that the next start knows it was no crash. */
  async close(): Promise<void> {
    await this.#closeSegment(CLEAN_STOP);
  }

  async #writable(): Promise<SegmentWriter> {
    const { files, wrapKey, clock, segmentBytes } = this.#options;
    if (this.#writer !== null && this.#writer.index.end >= segmentBytes) {
      await this.#closeSegment(0);
    }
    if (this.#writer === null) {
      this.#writer = await createSegment(files, this.last, clock.now(), wrapKey());
      this.segments.push(this.#writer.index);
    }
    return this.#writer;
  }

  async #closeSegment(flags: number): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    try {
      await writer?.close(flags, this.#options.clock.now());
    } catch (error) {
      // Everything in it is durable already; only its index is missing, and recovery adds that.
      this.#options.log.warn('A ledger segment could not be closed', { error, ...this.#place() });
    }
  }

  async #fail(cause: unknown): Promise<ApplianceError> {
    const writer = this.#writer;
    this.#writer = null;
    await writer?.abandon().catch(() => undefined);
    // A segment without events gives its name to the next one.
    if (writer?.isEmpty()) this.segments.pop();
    const error = storageErrorOf(cause);
    if (this.#failure === null) {
      this.#options.log.error('The ledger is read-only', { error, ...this.#place() });
    }
    this.#failure = { error, retryTick: this.#options.clock.tick() + RETRY_MS };
    return error;
  }

  #place(): { readonly afterSequence: number } {
    return { afterSequence: this.last.sequence };
  }
}

/** Names what the operating system reported. */
export function storageErrorOf(cause: unknown): ApplianceError {
  if (cause instanceof ApplianceError) return cause;
  const errno = (cause as NodeJS.ErrnoException).code;
  const isFull = errno === 'ENOSPC' || errno === 'EDQUOT';
  return new StorageError(isFull ? 'VAULT_DISK_FULL' : 'VAULT_READ_ONLY', {
    detail: isFull
      ? `Writing failed with ${errno}: free some space; writing goes on by itself.`
      : `Writing failed with ${errno ?? String(cause)}: check the disk; writing is tried again every second.`,
    cause,
  });
}
