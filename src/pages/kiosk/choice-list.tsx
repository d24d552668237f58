import type { JSX } from 'preact';
import type { Choice, Reply } from '../../domain/session.ts';
import { Icon } from '../kit/icon.tsx';
import type { KioskStrings } from './strings.ts';

/** Makes sure that a question back always has a way out to a person. */
function choicesOf(reply: Reply, strings: KioskStrings): readonly Choice[] {
  const hasPerson = reply.choices.some((choice) => choice.action.type === 'person');
  if (reply.route !== 'choose' || hasPerson) return reply.choices;
  return [...reply.choices, { label: strings.noneOfThese, action: { type: 'person' } }];
}

const ICONS = { intent: 'next', form: 'form', person: 'person', restart: 'again' } as const;

/** The buttons under a reply: forms first in weight, the way to a person last. */
export function ChoiceList(props: {
  readonly reply: Reply;
  readonly strings: KioskStrings;
  readonly onChoose: (choice: Choice) => void;
}): JSX.Element | null {
  const choices = choicesOf(props.reply, props.strings);
  if (choices.length === 0) return null;
  return (
    <ul
      class={props.reply.route === 'choose' ? 'choices choices-large' : 'choices'}
      aria-label={props.strings.choices}
    >
      {choices.map((choice) => (
        <li key={choice.label}>
          <button
            type="button"
            class={choice.action.type === 'form' ? 'button primary choice' : 'button choice'}
            data-action={choice.action.type}
            onClick={() => props.onChoose(choice)}
          >
            {choice.action.type !== 'intent' && <Icon name={ICONS[choice.action.type]} />}
            <span>{choice.label}</span>
            {choice.action.type === 'intent' && <Icon name="next" />}
          </button>
        </li>
      ))}
    </ul>
  );
}
