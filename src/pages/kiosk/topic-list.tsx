import type { JSX } from 'preact';
import type { Language } from '../../domain/language.ts';
import type { KioskView } from '../../domain/views.ts';
import { Icon } from '../kit/icon.tsx';
import type { KioskStrings } from './strings.ts';
import type { Ask } from './visit-state.ts';

/** The questions that most people come with, as big buttons. */
export function TopicList(props: {
  readonly kiosk: KioskView;
  readonly strings: KioskStrings;
  readonly language: Language;
  readonly onAsk: (ask: Ask) => void;
}): JSX.Element | null {
  if (props.kiosk.topics.length === 0) return null;
  return (
    <section class="topics" aria-labelledby="topics-title">
      <h2 id="topics-title">{props.strings.topics}</h2>
      <ul>
        {props.kiosk.topics.map((topic) => (
          <li key={topic.intent}>
            <button
              type="button"
              class="topic"
              onClick={() =>
                props.onAsk({
                  label: topic.title[props.language],
                  body: { intent: topic.intent },
                })
              }
            >
              <span>{topic.title[props.language]}</span>
              <Icon name="next" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
