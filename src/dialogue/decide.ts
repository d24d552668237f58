import type { Candidate, Thresholds } from '../domain/ports.ts';

/** What to do with a question that was read. */
export type Decision =
  | { readonly kind: 'answer'; readonly intent: string }
  | { readonly kind: 'choose'; readonly intents: readonly string[] }
  | { readonly kind: 'rephrase' }
  | { readonly kind: 'handoff' };

/** Questions in a row that may go without an answer before a person is fetched. */
const PATIENCE = 2;

/**
 * Climbs the ladder: answer; or offer the likeliest as buttons; or ask to rephrase once; or hand over.
 *
 * @param candidates best first
 * @param misses questions in a row, before this one, that were not answered
 */
export function decide(
  candidates: readonly Candidate[],
  thresholds: Thresholds,
  misses: number,
): Decision {
  const [best, second] = candidates;
  const confidence = best?.probability ?? 0;
  const margin = confidence - (second?.probability ?? 0);
  if (best && confidence >= thresholds.absolute && margin >= thresholds.margin)
    return { kind: 'answer', intent: best.intent };
  if (misses >= PATIENCE) return { kind: 'handoff' };
  if (confidence >= thresholds.choose)
    return {
      kind: 'choose',
      intents: candidates
        .slice(0, 3)
        .filter((one) => one.probability >= thresholds.choose / 4)
        .map((one) => one.intent),
    };
  return misses === 0 ? { kind: 'rephrase' } : { kind: 'handoff' };
}
