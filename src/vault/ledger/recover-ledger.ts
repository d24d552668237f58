import type { Log } from '../../domain/ports.ts';
import type { FileRoot } from '../../platform/durable-files.ts';
import { CLEAN_STOP, type Position } from './frame.ts';
import type { LedgerProblem } from './inspect-segment.ts';
import type { SegmentIndex } from './segment-index.ts';
import { closeSegment } from './segment-writer.ts';
import { type SurveyedSegment, surveyLedger } from './survey-ledger.ts';

/** How the ledger was found at start. */
export type LedgerRecovery = {
  readonly startedFrom: 'new' | 'clean_stop' | 'crash';
  /** Unacknowledged bytes that were cut off the end. */
  readonly cutBytes: number;
  readonly problems: readonly LedgerProblem[];
};

/** A ledger ready to go on. */
export type RecoveredLedger = {
  readonly segments: readonly SegmentIndex[];
  readonly last: Position;
  readonly recovery: LedgerRecovery;
};

/**
 * Finds out where the ledger stands and repairs what a crash left.
 *
 * The rule for events whose commit failed or never returned: those at the very end that are whole
 * commits on disk count as committed. Once a new segment has been made after a failed write, its
 * name and header say where the ledger went on, and what the old one holds beyond that is dropped.
 *
 * @throws StorageError VAULT_CORRUPT when it cannot be told where the ledger ends
 */
export async function recoverLedger(
  files: FileRoot,
  wrapKey: Buffer,
  options: { readonly deepBytes: number; readonly at: number; readonly log: Log },
): Promise<RecoveredLedger> {
  const { log } = options;
  const survey = await surveyLedger(files, wrapKey, options.deepBytes);
  for (const problem of survey.problems) log.error('The ledger is damaged', problem);
  const kept: SegmentIndex[] = [];
  for (const segment of survey.segments) {
    const tidied = await tidySegment(files, segment, options.at).catch((error: unknown) => {
      // A full or failing disk must not keep the box from starting: the next start tries again.
      log.warn('A ledger segment could not be tidied', { segment: segment.name, error });
      return segment.index;
    });
    if (tidied !== null && tidied.spans.length > 0) kept.push(tidied);
  }
  await removeDrafts(files);
  const latest = survey.segments.at(-1);
  const isClean = ((latest?.closedWith ?? 0) & CLEAN_STOP) !== 0;
  const cutBytes = latest?.tailBytes ?? 0;
  if (cutBytes > 0) log.warn('Unacknowledged bytes were cut off the ledger', { cutBytes });
  const startedFrom = latest === undefined ? 'new' : isClean ? 'clean_stop' : 'crash';
  const recovery = { startedFrom, cutBytes, problems: survey.problems } as const;
  return { segments: kept, last: survey.last, recovery };
}

/** Sets aside, closes or removes a segment that was not left in order. */
async function tidySegment(
  files: FileRoot,
  segment: SurveyedSegment,
  at: number,
): Promise<SegmentIndex | null> {
  const { index, name } = segment;
  const isDamaged = index === null || segment.problems.some(({ from }) => from !== null);
  if (isDamaged) return setAside(files, name, index);
  const isInOrder = segment.closedWith !== null && segment.problems.length === 0;
  if (!isInOrder && index.spans.length > 0) {
    const file = await files.open(name, 'change');
    try {
      await closeSegment(file, index, segment.closedWith ?? 0, at);
    } finally {
      await file.close();
    }
  }
  return index;
}

/** Renames a damaged segment; what can still be read in it stays readable. */
async function setAside(
  files: FileRoot,
  name: string,
  index: SegmentIndex | null,
): Promise<SegmentIndex | null> {
  if (name.endsWith('.corrupt')) return index;
  await files.rename(name, `${name}.corrupt`);
  await files.syncFolder();
  return index && { ...index, name: `${name}.corrupt` };
}

async function removeDrafts(files: FileRoot): Promise<void> {
  const drafts = (await files.list()).filter((name) => name.endsWith('.zgl.new'));
  for (const draft of drafts) await files.remove(draft);
}
