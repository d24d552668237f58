import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Candidate } from './pinyin-candidates.ts';
import type { KioskStrings } from './strings.ts';

/** Width of one row, and what a candidate takes of it, rem; see keyboard.css. */
const ROW_REM = 30;
const CHARACTER_REM = 1.35;
const AROUND_REM = 1.75;

/** Tells how many candidates, from one on, fit into a row; at least one does. */
function countFitting(candidates: readonly Candidate[], first: number): number {
  let taken = 0;
  let count = 0;
  for (const { text } of candidates.slice(first)) {
    taken += text.length * CHARACTER_REM + AROUND_REM;
    if (taken > ROW_REM) break;
    count += 1;
  }
  return Math.max(1, count);
}

/** Shows the letters typed so far and the ways to write them. */
export function CandidateBar(props: {
  readonly strings: KioskStrings;
  readonly typed: string;
  readonly ready: boolean;
  readonly candidates: readonly Candidate[];
  readonly onChoose: (candidate: Candidate) => void;
}): JSX.Element {
  const [paged, setPaged] = useState({ typed: '', first: 0 });
  const first = paged.typed === props.typed ? paged.first : 0;
  const end = first + countFitting(props.candidates, first);
  const shown = props.candidates.slice(first, end);
  const next = end < props.candidates.length ? end : 0;
  return (
    <div class="candidates" lang="zh-CN">
      <span class="candidates-typed" aria-live="polite">
        {props.ready ? props.typed : props.strings.candidatesLoading}
      </span>
      <ul aria-label={props.strings.candidates}>
        {shown.map((candidate) => (
          <li key={candidate.text}>
            <button
              type="button"
              tabIndex={-1}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => props.onChoose(candidate)}
            >
              {candidate.text}
            </button>
          </li>
        ))}
      </ul>
      {(first > 0 || next > 0) && (
        <button
          type="button"
          class="candidates-more"
          tabIndex={-1}
          aria-label={props.strings.moreCandidates}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => setPaged({ typed: props.typed, first: next })}
        >
          ›
        </button>
      )}
    </div>
  );
}
