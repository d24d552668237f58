import type { JSX } from 'preact';
import type { Language } from '../../domain/language.ts';
import { languageTag } from './page-language.ts';

const NAMES: readonly { readonly language: Language; readonly name: string }[] = [
  { language: 'zh', name: '中文' },
  { language: 'en', name: 'English' },
];

/** Switches the page between Chinese and English; each language is named in itself. */
export function LanguageSwitch(props: {
  readonly language: Language;
  readonly onChange: (language: Language) => void;
}): JSX.Element {
  return (
    <fieldset class="language-switch" aria-label="语言 / Language">
      {NAMES.map(({ language, name }) => (
        <button
          key={language}
          type="button"
          lang={languageTag(language)}
          aria-pressed={props.language === language}
          onClick={() => props.onChange(language)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
