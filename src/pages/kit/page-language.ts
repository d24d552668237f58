import { useEffect, useState } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';

/** Gives the BCP 47 tag of a language, for `lang` attributes and number formats. */
export const languageTag = (language: Language): string => (language === 'zh' ? 'zh-CN' : 'en');

/** Holds the page's language and keeps the document's `lang` in step with it. */
export function usePageLanguage(first: Language): [Language, (language: Language) => void] {
  const [language, setLanguage] = useState<Language>(first);
  useEffect(() => {
    document.documentElement.lang = languageTag(language);
  }, [language]);
  return [language, setLanguage];
}
