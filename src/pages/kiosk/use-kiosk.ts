import { useEffect, useState } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';
import type { KioskView } from '../../domain/views.ts';
import { fetchKiosk } from './visit-api.ts';

const RETRY_MS = 3000;

/** Fetches what the start screen shows, again and again until the server is there. */
export function useKiosk(language: Language): {
  readonly kiosk: KioskView | null;
  readonly isAway: boolean;
  readonly retry: () => void;
} {
  const [kiosk, setKiosk] = useState<KioskView | null>(null);
  const [failures, setFailures] = useState(0);
  const [tries, setTries] = useState(0);
  // Every try asks once; both languages come along.
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    void fetchKiosk(language).then((answer) => {
      if (!isCurrent) return;
      if (answer.kind === 'done') return setKiosk(answer.value);
      setFailures((count) => count + 1);
      timer = setTimeout(() => setTries((count) => count + 1), RETRY_MS);
    });
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [tries]);
  return {
    kiosk,
    isAway: kiosk === null && failures > 0,
    retry: () => setTries((count) => count + 1),
  };
}
