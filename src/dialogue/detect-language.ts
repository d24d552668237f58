import type { Language } from '../domain/language.ts';

/** `mixed` holds both; `other` holds a script that neither language is written in. */
export type DetectedLanguage = Language | 'mixed' | 'other';

/** Words of pinyin typed without tones; a message made only of such syllables is Chinese. */
const PINYIN_SYLLABLE =
  /^(?:[bpmfdtnlgkhjqxzcsryw]|zh|ch|sh)?(?:i?ang?|i?ao|ia|iai|ie|in|ing|iong|iu|i|[aeou]i|[ao]u|[ae]ng?|er?|ong?|u[ae]ng?|ua[in]?|uai|ue|u[in]|uo|u|v|ve|a|o)$/;

/** Short English words that also read as pinyin. */
const ENGLISH_WORDS = new Set(
  'a an can change he me my do to the she we be go hi no so you are die fee ban pan sea woman long song men long open code hang tan'.split(
    ' ',
  ),
);

function isPinyin(text: string): boolean {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  if (words.length < 2) return false;
  const syllables = words.filter((word) => PINYIN_SYLLABLE.test(word) && !ENGLISH_WORDS.has(word));
  return syllables.length / words.length > 0.8;
}

/**
 * Tells the language of a normalised message by its scripts.
 *
 * @returns `mixed` when Latin words of three letters or more stand among Han characters
 */
export function detectLanguage(text: string): DetectedLanguage {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters > 0 && han + latin < letters / 2) return 'other';
  if (han > 0) return /[A-Za-z]{3,}/.test(text) ? 'mixed' : 'zh';
  if (latin > 0) return isPinyin(text) ? 'zh' : 'en';
  return 'mixed';
}

/** The language to reply in: the message's own, or the visit's where the message does not say. */
export function replyLanguage(detected: DetectedLanguage, visit: Language, text: string): Language {
  if (detected === 'zh' || detected === 'en') return detected;
  return /\p{Script=Han}/u.test(text) ? 'zh' : visit;
}
