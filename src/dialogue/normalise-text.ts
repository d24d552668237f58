import { Converter } from 'opencc-js/t2cn';
import { InputError } from '../domain/errors.ts';

/** Longest message that is read, in Unicode code points after normalisation. */
export const MAX_TURN_LENGTH = 500;

const toSimplified = Converter({ from: 't', to: 'cn' });

/** Takes control characters and runs of white space out of a message; people read it as it was typed. */
export function tidyText(raw: string): string {
  return raw.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\s]+/gu, ' ').trim();
}

/**
 * Brings a customer's message into the one form that everything behind reads: NFKC (full width becomes
 * half width), simplified characters, no control characters, single spaces.
 *
 * @throws InputError TURN_TEXT_EMPTY when no letter, ideograph or digit is left; TURN_TEXT_TOO_LONG
 */
export function normaliseText(raw: string): string {
  const text = tidyText(toSimplified(raw.normalize('NFKC')));
  if (!/[\p{L}\p{N}]/u.test(text)) {
    throw new InputError('TURN_TEXT_EMPTY', {
      detail: `a message of ${raw.length} UTF-16 units holds no letter, ideograph or digit; ask again`,
    });
  }
  const length = [...text].length;
  if (length > MAX_TURN_LENGTH) {
    throw new InputError('TURN_TEXT_TOO_LONG', {
      detail: `a message of ${length} characters is longer than ${MAX_TURN_LENGTH}; shorten it`,
    });
  }
  return text;
}
