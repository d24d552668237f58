import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';
import { CandidateBar } from './candidate-bar.tsx';
import type { KeyboardKind } from './keyboard-layouts.ts';
import type { Candidate } from './pinyin-candidates.ts';
import { ScreenKeys } from './screen-keys.tsx';
import type { KioskStrings } from './strings.ts';
import { usePinyin } from './use-pinyin.ts';
import { deleteFromField, type WritableField, writeIntoField } from './write-into-field.ts';

const LONGEST_TYPED = 40;

/** The on-screen keyboard for one field: Chinese by pinyin, Latin letters, or digits. */
export function Keyboard(props: {
  readonly field: WritableField;
  readonly kind: KeyboardKind;
  readonly language: Language;
  readonly strings: KioskStrings;
}): JSX.Element {
  const { field } = props;
  const [kind, setKind] = useState(props.kind);
  const [shifted, setShifted] = useState(false);
  const { ready, typed, candidates, setTyped } = usePinyin(kind === 'pinyin');
  useEffect(() => {
    setKind(props.kind);
    setTyped('');
  }, [props.kind, field, setTyped]);

  // What is still being composed goes out as typed when the field is left, so nothing gets lost.
  const settle = (): void => {
    if (typed !== '') writeIntoField(field, typed);
    setTyped('');
  };
  useEffect(() => {
    field.addEventListener('keyboard-settle', settle);
    return () => field.removeEventListener('keyboard-settle', settle);
  });

  const choose = (candidate: Candidate | undefined): void => {
    if (!candidate) return settle();
    writeIntoField(field, candidate.text);
    setTyped(typed.slice(candidate.taken));
  };

  const onFunction = (key: string): void => {
    if (key === '{bksp}' && typed !== '') setTyped(typed.slice(0, -1));
    else if (key === '{bksp}') deleteFromField(field);
    else if (key === '{space}' && typed !== '') choose(candidates[0]);
    else if (key === '{space}') writeIntoField(field, ' ');
    else if (key === '{shift}') setShifted(!shifted);
    else switchTo(key);
  };

  const switchTo = (key: string): void => {
    settle();
    if (key === '{hide}') field.blur();
    else setKind(key === '{latin}' ? 'latin' : 'pinyin');
  };

  const onKey = (key: string): void => {
    if (key.startsWith('{')) return onFunction(key);
    if (kind === 'pinyin' && /^[a-z]$/.test(key)) {
      if (typed.length < LONGEST_TYPED) setTyped(typed + key);
      return;
    }
    if (typed !== '') choose(candidates[0]);
    writeIntoField(field, key);
    setShifted(false);
  };

  return (
    <section class={`keyboard keyboard-${kind}`} aria-label={props.strings.keyboard}>
      {kind === 'pinyin' && (
        <CandidateBar
          strings={props.strings}
          typed={typed}
          ready={ready}
          candidates={candidates}
          onChoose={choose}
        />
      )}
      <ScreenKeys
        layout={kind === 'latin' && shifted ? 'shifted' : kind}
        strings={props.strings}
        onKey={onKey}
      />
    </section>
  );
}
