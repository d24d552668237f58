import { useEffect, useRef, useState } from 'preact/hooks';
import type { Candidate } from './pinyin-candidates.ts';

type Find = (typed: string) => readonly Candidate[];

let loading: Promise<Find> | null = null;

function loadPinyin(): Promise<Find> {
  loading ??= import('./pinyin-engine.ts').then(({ createPinyinEngine }) => createPinyinEngine());
  return loading;
}

/** Composes Chinese from typed letters; the dictionary is fetched when first needed. */
export function usePinyin(wanted: boolean): {
  readonly ready: boolean;
  readonly typed: string;
  readonly candidates: readonly Candidate[];
  readonly setTyped: (typed: string) => void;
} {
  const [typed, setTyped] = useState('');
  const [ready, setReady] = useState(false);
  const find = useRef<Find | null>(null);
  useEffect(() => {
    if (!wanted) return;
    void loadPinyin().then(
      (loaded) => {
        find.current = loaded;
        setReady(true);
      },
      // Without the dictionary letters go out as typed; the engine reads pinyin as well.
      () => {
        loading = null;
      },
    );
  }, [wanted]);
  const candidates = typed !== '' && find.current ? find.current(typed) : [];
  return { ready, typed, candidates, setTyped };
}
