import type { Language } from '../domain/language.ts';

/**
 * Chooses the language that a reader likes best of the two there are (RFC 9110 §12.5.4).
 *
 * @param header the Accept-Language header; Chinese where it names neither
 */
export function readerLanguage(header: string | undefined): Language {
  const liked = (header ?? '')
    .split(',')
    .map((range) => {
      const [tag = '', ...settings] = range
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const quality = settings.find((one) => one.startsWith('q='))?.slice(2);
      return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ language, quality }) => (language === 'zh' || language === 'en') && quality > 0)
    .sort((a, b) => b.quality - a.quality)[0];
  return liked?.language === 'en' ? 'en' : 'zh';
}
