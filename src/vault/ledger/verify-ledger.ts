import type { FileRoot } from '../../platform/durable-files.ts';
import { LEDGER_FOLDER } from '../master-key.ts';
import type { DeriveKey } from '../sealing.ts';
import type { LedgerProblem } from './inspect-segment.ts';
import { surveyLedger } from './survey-ledger.ts';

/** What `zhanggui ledger verify` prints. */
export type LedgerVerdict = {
  readonly ok: boolean;
  readonly segments: number;
  readonly events: number;
  readonly lastSequence: number;
  /** Hash that stands for everything up to `lastSequence`, hexadecimal. */
  readonly chainHead: string;
  /** Bytes of a write that is under way, or that a crash left unacknowledged; not a problem. */
  readonly tailBytes: number;
  readonly problems: readonly LedgerProblem[];
};

/** The purpose of the key that segment keys are sealed with. */
export const SEGMENT_KEYS = 'ledger-segments';

/**
 * Walks the whole ledger: every tag, every link of the chain, every sequence. Reads only, and may
 * run beside the box.
 *
 * @param files the vault's folder
 */
export async function verifyLedger(files: FileRoot, derive: DeriveKey): Promise<LedgerVerdict> {
  const folder = files.folder(LEDGER_FOLDER);
  const survey = await surveyLedger(folder, derive(SEGMENT_KEYS), Number.POSITIVE_INFINITY);
  return {
    ok: survey.problems.length === 0,
    segments: survey.segments.length,
    events: survey.segments.reduce((sum, { events }) => sum + events, 0),
    lastSequence: survey.last.sequence,
    chainHead: survey.last.chain.toString('hex'),
    tailBytes: survey.segments.at(-1)?.tailBytes ?? 0,
    problems: survey.problems,
  };
}
