import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';
import type { TicketStatusView } from '../../domain/views.ts';
import { type Answer, request } from '../kit/api-client.ts';
import { formatMoment } from '../kit/format.ts';
import { LanguageSwitch } from '../kit/language-switch.tsx';
import { usePageLanguage } from '../kit/page-language.ts';
import { STRINGS, type Strings } from './strings.ts';

const REFRESH_MS = 15_000;
const STEPS: readonly TicketStatusView['status'][] = ['open', 'in_progress', 'done'];

/** How one ticket stands, for whoever scanned its code. */
export function App({ number }: { readonly number: string }): JSX.Element {
  const [language, setLanguage] = usePageLanguage(
    navigator.language.startsWith('en') ? 'en' : 'zh',
  );
  const answer = useTicket(number, language);
  const strings = STRINGS[language];
  return (
    <main class="ticket">
      <LanguageSwitch language={language} onChange={setLanguage} />
      <section class="ticket-card" aria-live="polite">
        <h1>{strings.title}</h1>
        <p class="ticket-number">{number}</p>
        <Standing answer={answer} strings={strings} language={language} />
      </section>
    </main>
  );
}

function Standing(props: {
  readonly answer: Answer<TicketStatusView> | null;
  readonly strings: Strings;
  readonly language: Language;
}): JSX.Element {
  const { answer, strings, language } = props;
  if (answer === null) return <p>{strings.loading} …</p>;
  if (answer.kind === 'away') return <p role="alert">{strings.away}</p>;
  if (answer.kind === 'refused') return <p role="alert">{answer.problem.title}</p>;
  const { status, dueAt } = answer.value;
  return (
    <>
      <ol class="ticket-steps">
        {STEPS.map((step) => (
          <li
            key={step}
            class={STEPS.indexOf(step) <= STEPS.indexOf(status) ? 'reached' : ''}
            aria-current={step === status ? 'step' : undefined}
          >
            {strings.status[step]}
          </li>
        ))}
      </ol>
      <p>{status === 'done' ? strings.done : strings.due(formatMoment(dueAt, language))}</p>
    </>
  );
}

function useTicket(number: string, language: Language): Answer<TicketStatusView> | null {
  const [answer, setAnswer] = useState<Answer<TicketStatusView> | null>(null);
  useEffect(() => {
    let isShown = true;
    const look = async (): Promise<void> => {
      const path = `/api/v1/tickets/${encodeURIComponent(number)}`;
      const next = await request<TicketStatusView>({ language }, path);
      if (isShown) setAnswer(next);
    };
    void look();
    const timer = setInterval(() => void look(), REFRESH_MS);
    return () => {
      isShown = false;
      clearInterval(timer);
    };
  }, [number, language]);
  return answer;
}
