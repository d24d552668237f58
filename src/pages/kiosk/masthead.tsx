import type { JSX } from 'preact';
import type { Language } from '../../domain/language.ts';
import type { KioskView } from '../../domain/views.ts';
import { LanguageSwitch } from '../kit/language-switch.tsx';
import { Seal } from '../kit/seal.tsx';
import type { KioskStrings } from './strings.ts';

/** The strip at the top: whose branch this is, and the language. */
export function Masthead(props: {
  readonly kiosk: KioskView | null;
  readonly strings: KioskStrings;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}): JSX.Element {
  return (
    <header class="masthead">
      <Seal />
      <p class="masthead-name">
        <strong>{props.kiosk?.branch[props.language] ?? props.strings.product}</strong>
      </p>
      <LanguageSwitch language={props.language} onChange={props.onLanguage} />
    </header>
  );
}
