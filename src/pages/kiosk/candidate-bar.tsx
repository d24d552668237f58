import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Candidate } from './pinyin-candidates.ts';
import type { KioskStrings } from './strings.ts';

const PAGE = 9;

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
  const shown = props.candidates.slice(first, first + PAGE);
  const next = first + PAGE < props.candidates.length ? first + PAGE : 0;
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
      {props.candidates.length > PAGE && (
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
