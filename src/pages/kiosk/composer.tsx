import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';
import { Icon } from '../kit/icon.tsx';
import type { KioskStrings } from './strings.ts';
import { hasOwnKeyboard } from './use-keyboard-field.ts';

const LONGEST_TEXT = 500;

/** The field for a question, with its send button. */
export function Composer(props: {
  readonly strings: KioskStrings;
  readonly language: Language;
  readonly placeholder: string;
  readonly onSend: (text: string) => void;
}): JSX.Element {
  const field = useRef<HTMLInputElement>(null);

  const send = (event: Event): void => {
    event.preventDefault();
    const input = field.current;
    if (!input) return;
    input.dispatchEvent(new Event('keyboard-settle'));
    const text = input.value.trim();
    if (text === '') {
      input.focus();
      return;
    }
    input.value = '';
    input.blur();
    props.onSend(text);
  };

  return (
    <form class="composer" onSubmit={send} autocomplete="off">
      <label class="visually-hidden" for="question">
        {props.strings.askLabel}
      </label>
      <input
        ref={field}
        id="question"
        class="field composer-field"
        type="text"
        name="question"
        inputMode={hasOwnKeyboard() ? 'none' : 'text'}
        enterKeyHint="send"
        autocomplete="off"
        spellcheck={false}
        maxLength={LONGEST_TEXT}
        placeholder={props.placeholder}
        data-keyboard={props.language === 'zh' ? 'pinyin' : 'latin'}
      />
      <button type="submit" class="button primary composer-send">
        <Icon name="send" />
        <span>{props.strings.send}</span>
      </button>
    </form>
  );
}
