import type { JSX } from 'preact';
import { useCallback, useState } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';
import { Loading } from '../kit/loading.tsx';
import { usePageLanguage } from '../kit/page-language.ts';
import { AwayCard } from './away-card.tsx';
import { Masthead } from './masthead.tsx';
import { KIOSK_STRINGS } from './strings.ts';
import { ThanksScreen } from './thanks-screen.tsx';
import { useKiosk } from './use-kiosk.ts';
import { Visit } from './visit.tsx';

const FIRST_LANGUAGE: Language = 'zh';

/** The kiosk page: start, visit, goodbye, and over again. */
export function App(): JSX.Element {
  const [language, setLanguage] = usePageLanguage(FIRST_LANGUAGE);
  const [visitNumber, setVisitNumber] = useState(1);
  const [isThanking, setThanking] = useState(false);
  const { kiosk, isAway, retry } = useKiosk(language);
  const strings = KIOSK_STRINGS[language];

  const onEnded = useCallback(() => setThanking(true), []);
  const onStart = useCallback(() => {
    // The next customer finds a new page: new DOM, first language, no address to go back to.
    history.replaceState(null, '', location.pathname);
    setVisitNumber((number) => number + 1);
    setLanguage(FIRST_LANGUAGE);
    setThanking(false);
  }, [setLanguage]);

  return (
    <div class="kiosk">
      <Masthead kiosk={kiosk} strings={strings} language={language} onLanguage={setLanguage} />
      {isThanking ? (
        <ThanksScreen strings={strings} onStart={onStart} />
      ) : kiosk ? (
        <Visit
          key={visitNumber}
          kiosk={kiosk}
          language={language}
          strings={strings}
          onEnded={onEnded}
        />
      ) : isAway ? (
        <main>
          <AwayCard strings={strings} onRetry={retry} />
        </main>
      ) : (
        <main class="thanks">
          <Loading label={strings.loading} />
        </main>
      )}
    </div>
  );
}
