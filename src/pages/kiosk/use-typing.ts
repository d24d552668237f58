import { useEffect, useState } from 'preact/hooks';
import type { KeyboardKind } from './keyboard-layouts.ts';
import type { Candidate } from './pinyin-candidates.ts';
import { usePinyin } from './use-pinyin.ts';
import { deleteFromField, type WritableField, writeIntoField } from './write-into-field.ts';

const LONGEST_TYPED = 40;

/** What the on-screen keyboard shows, and what its keys do. */
export type Typing = {
  readonly kind: KeyboardKind;
  readonly isShifted: boolean;
  /** Letters that are still being composed. */
  readonly typed: string;
  readonly isReady: boolean;
  readonly candidates: readonly Candidate[];
  readonly choose: (candidate: Candidate | undefined) => void;
  readonly press: (key: string) => void;
};

/** Turns keys into text in a field, composing Chinese where the keyboard is a pinyin one. */
export function useTyping(field: WritableField, first: KeyboardKind): Typing {
  const [kind, setKind] = useState(first);
  const [isShifted, setShifted] = useState(false);
  const { ready, typed, candidates, setTyped } = usePinyin(kind === 'pinyin');
  useEffect(() => {
    setKind(first);
    setTyped('');
  }, [first, field, setTyped]);

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
    if (candidate) {
      writeIntoField(field, candidate.text);
      setTyped(typed.slice(candidate.taken));
    } else {
      settle();
    }
  };

  const functions: Readonly<Record<string, () => void>> = {
    '{bksp}': () => (typed === '' ? deleteFromField(field) : setTyped(typed.slice(0, -1))),
    '{space}': () => (typed === '' ? writeIntoField(field, ' ') : choose(candidates[0])),
    '{shift}': () => setShifted(!isShifted),
    '{hide}': () => {
      settle();
      field.blur();
    },
    '{latin}': () => {
      settle();
      setKind('latin');
    },
    '{pinyin}': () => {
      settle();
      setKind('pinyin');
    },
  };

  const write = (key: string): void => {
    if (kind === 'pinyin' && /^[a-z]$/.test(key)) {
      setTyped((typed + key).slice(0, LONGEST_TYPED));
      return;
    }
    const best = candidates[0];
    const composed = best ? best.text + typed.slice(best.taken) : typed;
    writeIntoField(field, composed + key);
    setTyped('');
    setShifted(false);
  };
  const press = (key: string): void => (functions[key] ?? (() => write(key)))();

  return { kind, isShifted, typed, isReady: ready, candidates, choose, press };
}
