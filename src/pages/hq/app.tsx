import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { FleetRow } from '../../domain/views.ts';
import { LanguageSwitch } from '../kit/language-switch.tsx';
import { Loading } from '../kit/loading.tsx';
import { usePageLanguage } from '../kit/page-language.ts';
import { Seal } from '../kit/seal.tsx';
import { FleetView } from './fleet-view.tsx';
import { fetchFleet } from './hq-api.ts';
import { SignIn } from './sign-in.tsx';
import { HQ_STRINGS } from './strings.ts';
import { usePolling } from './use-polling.ts';

const POLL_MS = 2000;

/** The page of headquarters: the key, then the fleet. */
export function App(): JSX.Element {
  const [language, setLanguage] = usePageLanguage('zh');
  const [fleet, setFleet] = useState<readonly FleetRow[] | null>(null);
  const [isSignedOut, setSignedOut] = useState(false);
  const [isAway, setAway] = useState(false);
  const strings = HQ_STRINGS[language];
  useEffect(() => {
    document.title = strings.product;
  }, [strings]);

  const load = async (): Promise<void> => {
    const answer = await fetchFleet(language);
    setAway(answer.kind === 'away');
    setSignedOut(answer.kind === 'refused');
    if (answer.kind === 'done') setFleet(answer.value);
  };
  usePolling(load, POLL_MS);

  return (
    <div class="hq">
      <header class="hq-head">
        <Seal />
        <p class="hq-name">{strings.product}</p>
        <LanguageSwitch language={language} onChange={setLanguage} />
      </header>
      <p class="hq-banner" role="status">
        {isAway && strings.away}
      </p>
      {isSignedOut ? (
        <SignIn language={language} strings={strings} onSignedIn={() => void load()} />
      ) : fleet === null ? (
        <main>
          <Loading label={strings.loading} />
        </main>
      ) : (
        <FleetView fleet={fleet} language={language} strings={strings} />
      )}
    </div>
  );
}
