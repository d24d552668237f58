import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { StaffView } from '../../domain/views.ts';
import { LanguageSwitch } from '../kit/language-switch.tsx';
import { Loading } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import { usePageLanguage } from '../kit/page-language.ts';
import { ChangePassword } from './change-password.tsx';
import { SignIn } from './sign-in.tsx';
import { createStaffApi } from './staff-api.ts';
import { STAFF_STRINGS } from './strings.ts';
import { Workbench } from './workbench.tsx';

type Gate =
  | { readonly at: 'asking' | 'away' | 'signed_out' }
  | { readonly at: 'signed_in'; readonly me: StaffView; readonly password: string | null };

/** The staff page: the gate, then the workbench. */
export function App(): JSX.Element {
  const [language, setLanguage] = usePageLanguage('zh');
  const [gate, setGate] = useState<Gate>({ at: 'asking' });
  const strings = STAFF_STRINGS[language];
  const api = useMemo(() => createStaffApi(language), [language]);

  const ask = async (): Promise<void> => {
    setGate({ at: 'asking' });
    const answer = await api.me();
    if (answer.kind === 'done') setGate({ at: 'signed_in', me: answer.value, password: null });
    else setGate({ at: answer.kind === 'away' ? 'away' : 'signed_out' });
  };
  // Asks once, when the page opens.
  useEffect(() => void ask(), []);
  useEffect(() => {
    if (gate.at !== 'signed_in') document.title = strings.product;
  }, [gate.at, strings]);

  const signedOut = (): void => setGate({ at: 'signed_out' });
  if (gate.at === 'signed_in' && !gate.me.mustChangePassword) {
    return (
      <Workbench
        me={gate.me}
        api={api}
        language={language}
        strings={strings}
        onLanguage={setLanguage}
        onSignedOut={signedOut}
      />
    );
  }
  return (
    <div class="gate-page">
      <header class="gate-head">
        <LanguageSwitch language={language} onChange={setLanguage} />
      </header>
      {gate.at === 'asking' && (
        <main>
          <Loading label={strings.loading} />
        </main>
      )}
      {gate.at === 'away' && (
        <main>
          <Notice icon="cloud" title={strings.away} heading={1}>
            <button type="button" class="button" onClick={() => void ask()}>
              {strings.retry}
            </button>
          </Notice>
        </main>
      )}
      {gate.at === 'signed_out' && (
        <SignIn
          api={api}
          strings={strings}
          onSignedIn={(me, password) => setGate({ at: 'signed_in', me, password })}
        />
      )}
      {gate.at === 'signed_in' && (
        <ChangePassword
          me={gate.me}
          api={api}
          strings={strings}
          current={gate.password}
          onChanged={(me) => setGate({ at: 'signed_in', me, password: null })}
        />
      )}
    </div>
  );
}
