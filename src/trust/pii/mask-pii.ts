import type { Language } from '../../domain/language.ts';
import type { Masker } from '../../domain/ports.ts';
import { findPii } from './find-pii.ts';
import { foldWidth } from './fold-text.ts';

function maskPii(text: string, language: Language): string {
  let masked = text;
  // A placeholder can uncover the edge of a number that its neighbour had hidden, so look again.
  for (let spans = findPii(masked); spans.length > 0; spans = findPii(masked)) {
    for (const { start, end, placeholder } of spans.reverse()) {
      masked = masked.slice(0, start) + placeholder[language] + masked.slice(end);
    }
  }
  return masked;
}

/** Masks with the rules of `findPii`; masking twice changes nothing. */
export const piiMasker: Masker = { mask: maskPii };

/**
 * Shortens a contact so that its owner recognises it and nobody else can use it:
 * `138****1234`, `z***@x.cn`, `张*`.
 */
export function maskContact(value: string): string {
  const text = foldWidth(value).trim();
  const mail = /^([^@])[^@]*(@[^@]+)$/.exec(text);
  if (mail) return `${mail[1]}***${mail[2]}`;
  const digits = text.replace(/\D/g, '').replace(/^(?:00)?86(?=1[3-9]\d{9}$)/, '');
  if (digits.length >= 10) return `${digits.slice(0, 3)}****${digits.slice(-4)}`;
  if (digits.length >= 7) return `****${digits.slice(-4)}`;
  const [first = '', ...rest] = text;
  return first + '*'.repeat(Math.min(rest.length, 3));
}
