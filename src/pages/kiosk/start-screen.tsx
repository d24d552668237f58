import type { JSX } from 'preact';
import type { Language } from '../../domain/language.ts';
import type { KioskView } from '../../domain/views.ts';
import { languageTag } from '../kit/page-language.ts';
import { Composer } from './composer.tsx';
import type { KioskStrings } from './strings.ts';
import { TopicList } from './topic-list.tsx';
import type { Ask } from './visit-state.ts';

/** Greets in both languages and takes the first question. */
export function StartScreen(props: {
  readonly kiosk: KioskView;
  readonly strings: KioskStrings;
  readonly language: Language;
  readonly onAsk: (ask: Ask) => void;
}): JSX.Element {
  const { strings, language } = props;
  return (
    <main class="start">
      <div class="start-hero">
        <h1>{strings.greeting}</h1>
        <p class="start-other" lang={languageTag(language === 'zh' ? 'en' : 'zh')}>
          {strings.otherGreeting}
        </p>
        <p class="start-hint">{strings.greetingHint}</p>
        <Composer
          strings={strings}
          language={language}
          placeholder={strings.askPlaceholder}
          onSend={(text) => props.onAsk({ label: text, body: { text } })}
        />
        <p class="consent">{props.kiosk.consent[language]}</p>
      </div>
      <TopicList {...props} />
    </main>
  );
}
