import type { Bilingual } from '../../domain/language.ts';
import { findAddresses } from './address-rules.ts';
import { readDigits } from './digit-rules.ts';
import { digitWindows } from './digit-windows.ts';
import { foldNumerals, foldWidth } from './fold-text.ts';
import { findNames } from './name-rules.ts';
import { type PiiCandidate, type PiiKind, PLACEHOLDERS } from './pii-kind.ts';
import { findByPattern } from './text-rules.ts';

/** Personal data in a text: `text.slice(start, end)`. */
export type PiiSpan = {
  readonly kind: PiiKind;
  readonly start: number;
  readonly end: number;
  readonly placeholder: Bilingual;
};

function readNumbers(text: string): PiiCandidate[] {
  return digitWindows(text)
    .map(readDigits)
    .filter((candidate) => candidate !== null);
}

/** Numbers in which 一三八… count as digits; weaker, because 第一13800138000 reads right without. */
function readSpokenNumbers(folded: string): PiiCandidate[] {
  const spoken = foldNumerals(folded);
  if (spoken === folded) return [];
  return readNumbers(spoken).map((candidate) => ({ ...candidate, strength: 1 }));
}

function candidatesIn(text: string): PiiCandidate[] {
  const folded = foldWidth(text);
  return [
    ...readNumbers(folded),
    ...readSpokenNumbers(folded),
    ...findByPattern(folded),
    ...findNames(folded),
    ...findAddresses(folded),
  ];
}

/**
 * Finds personal data: numbers by numbering plan and checksum, names and addresses where a phrase
 * gives them away. Order numbers and amounts are left alone unless they are also one of those.
 *
 * Where findings overlap the stronger rule wins, then the longer one, then digits over words.
 *
 * @returns spans in the order of the text, none overlapping; work grows linearly with the text
 */
export function findPii(text: string): PiiSpan[] {
  const candidates = candidatesIn(text).sort(
    (a, b) => b.strength - a.strength || b.end - b.start - (a.end - a.start),
  );
  const taken = new Uint8Array(text.length);
  const spans: PiiSpan[] = [];
  for (const { kind, start, end } of candidates) {
    if (taken.subarray(start, end).includes(1)) continue;
    taken.fill(1, start, end);
    spans.push({ kind, start, end, placeholder: PLACEHOLDERS[kind] });
  }
  return spans.sort((a, b) => a.start - b.start);
}
