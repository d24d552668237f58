import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';
import type { Choice } from '../../domain/session.ts';
import type { KioskView } from '../../domain/views.ts';
import { Icon } from '../kit/icon.tsx';
import { AwayCard } from './away-card.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { FormScreen } from './form-screen.tsx';
import { IdleWarning } from './idle-warning.tsx';
import { Keyboard } from './keyboard.tsx';
import { PersonCard } from './person-card.tsx';
import { StartScreen } from './start-screen.tsx';
import type { KioskStrings } from './strings.ts';
import { TopicList } from './topic-list.tsx';
import { useIdle } from './use-idle.ts';
import { useKeyboardField } from './use-keyboard-field.ts';
import { useVisit } from './use-visit.ts';

/** The form by which a customer asks for a call back; every pack set brings it. */
const CALL_BACK_FORM = 'common.callback';
/** Who waits for a person touches nothing for longer; the server is as patient. */
const WAITING_PATIENCE = 4;

type VisitProps = {
  readonly kiosk: KioskView;
  readonly language: Language;
  readonly strings: KioskStrings;
  readonly onEnded: () => void;
};

type Visiting = ReturnType<typeof useVisit>;

function Talk(
  props: VisitProps & {
    readonly visiting: Visiting;
    readonly onChoose: (choice: Choice) => void;
    readonly onCallBack: () => void;
  },
): JSX.Element {
  const { strings, language, visiting } = props;
  const { state, session } = visiting;
  const isChat = state.escalation?.status === 'claimed';
  return (
    <main class="talk">
      <h1 class="visually-hidden">{strings.conversation}</h1>
      <div class="talk-column">
        <Conversation state={state} session={session} strings={strings} onChoose={props.onChoose} />
        {state.problem && (
          <p class="refusal" role="alert">
            <Icon name="alert" />
            {state.problem.title}
          </p>
        )}
        {state.escalation && (
          <PersonCard
            escalation={state.escalation}
            strings={strings}
            onCallBack={props.onCallBack}
          />
        )}
        <Composer
          strings={strings}
          language={language}
          placeholder={isChat ? strings.chatPlaceholder : strings.askMore}
          onSend={(text) => session.ask({ label: text, body: { text } })}
        />
      </div>
      <TopicList {...props} onAsk={(ask) => session.ask(ask)} />
    </main>
  );
}

/** One visit from the first touch to the last; nothing of it outlives this component. */
export function Visit(props: VisitProps): JSX.Element {
  const { kiosk, language, strings } = props;
  const visiting = useVisit(language, props.onEnded);
  const { state, session } = visiting;
  const [form, setForm] = useState<string | null>(null);
  const keyboard = useKeyboardField();
  const hasBegun = state.visit !== null || state.items.length > 0;
  const isTalking = state.items.length > 0 || state.escalation !== null || state.problem !== null;

  const end = (): void => {
    session.end();
    props.onEnded();
  };
  const restart = (): void => {
    setForm(null);
    session.restart();
  };
  const idle = useIdle({
    active: hasBegun,
    idleSeconds: kiosk.idleSeconds * (state.escalation ? WAITING_PATIENCE : 1),
    onStay: () => session.stay(),
    onIdle: end,
  });
  const choose = (choice: Choice): void => {
    const { action, label } = choice;
    if (action.type === 'intent') session.ask({ label, body: { intent: action.intent } });
    else if (action.type === 'form') setForm(action.form);
    else if (action.type === 'person') session.person();
    else restart();
  };
  const callPerson = (): void => {
    setForm(null);
    session.person();
  };

  return (
    <>
      {form !== null ? (
        <FormScreen
          key={form}
          id={form}
          session={session}
          language={language}
          strings={strings}
          onBack={() => setForm(null)}
          onEnd={end}
        />
      ) : isTalking ? (
        <Talk
          {...props}
          visiting={visiting}
          onChoose={choose}
          onCallBack={() => setForm(CALL_BACK_FORM)}
        />
      ) : (
        <StartScreen {...props} onAsk={(ask) => session.ask(ask)} />
      )}
      {keyboard && <Keyboard {...keyboard} strings={strings} />}
      <BottomBar
        strings={strings}
        hasPerson={state.escalation !== null}
        onPerson={callPerson}
        onRestart={isTalking ? restart : undefined}
        onEnd={hasBegun ? end : undefined}
      />
      {state.away && <AwayCard strings={strings} onRetry={() => session.reconnect()} />}
      {idle.secondsLeft !== null && (
        <IdleWarning seconds={idle.secondsLeft} strings={strings} onStay={idle.stay} onEnd={end} />
      )}
    </>
  );
}
