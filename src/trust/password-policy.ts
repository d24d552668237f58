import { randomInt } from 'node:crypto';
import { InputError } from '../domain/errors.ts';

const MIN_CHARS = 12;
const MAX_CHARS = 128;
const MIN_DIFFERENT_CHARS = 5;

// The words and strings from which the common passwords of 12 characters and more are made.
const COMMON_WORDS: ReadonlySet<string> = new Set([
  ...['password', 'passw', 'passwd', 'admin', 'administrator', 'welcome', 'letmein', 'changeme'],
  ...[
    'qwerty',
    'qwertyuiop',
    'qwertyuiopasdf',
    'qazwsxedc',
    'qazwsxedcrfv',
    'asdfghjkl',
    'zxcvbnm',
  ],
  ...[
    'abcdefghijkl',
    'abcabcabcabc',
    'abcd',
    'abc',
    'aaa',
    'iloveyou',
    'woaini',
    'wodemima',
    'mima',
  ],
  ...['zhanggui', 'supervisor', 'agent', 'kiosk', 'superadmin', 'root', 'test', 'guest', 'user'],
]);
const KEYBOARD_RUNS =
  '01234567890123456789 98765432109876543210 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv5tgb ' +
  'qwertyuiopasdfghjklzxcvbnm abcdefghijklmnopqrstuvwxyz 5201314520131452013145201314';

const isRepeated = (text: string) => new Set(text).size < MIN_DIFFERENT_CHARS;

/** What keeps a password from being accepted; null when nothing does. */
function weaknessOf(password: string, name: string): string | null {
  const chars = [...password].length;
  if (chars < MIN_CHARS) return `it has ${chars} characters, at least ${MIN_CHARS} are needed`;
  if (chars > MAX_CHARS) return `it has ${chars} characters, at most ${MAX_CHARS} are read`;
  if (isRepeated(password)) return 'it repeats a few characters';
  const lower = password.toLowerCase();
  if (KEYBOARD_RUNS.includes(lower)) return 'it is a run of neighbouring keys';
  // admin@123456 and Password2024! are their word and nothing else.
  const word = lower.replace(/[^a-z]/g, '');
  if (word !== '' && word === name.toLowerCase().replace(/[^a-z]/g, '')) return 'it is the name';
  if (lower.replaceAll(name.toLowerCase(), '') === '') return 'it is the name';
  return COMMON_WORDS.has(word) ? 'it is a common password' : null;
}

/**
 * Refuses a new password that is short, common, or the name itself.
 *
 * @see NIST SP 800-63B 5.1.1.2: length and a list of known ones, no composition rules
 * @throws InputError TRUST_PASSWORD_TOO_WEAK
 */
export function checkNewPassword(password: string, name: string): void {
  const weakness = weaknessOf(password.normalize('NFKC'), name);
  if (weakness === null) return;
  throw new InputError('TRUST_PASSWORD_TOO_WEAK', {
    detail: `the new password of ${name} was refused: ${weakness}`,
  });
}

// Without 0 1 i l o: what is read from a screen is typed right.
const EASY_CHARS = '23456789abcdefghjkmnpqrstuvwxyz';

/** Makes a one-time password of 99 random bits: `xxxxx-xxxxx-xxxxx-xxxxx`. */
export function createOneTimePassword(): string {
  const group = () => Array.from({ length: 5 }, () => EASY_CHARS[randomInt(EASY_CHARS.length)]);
  return Array.from({ length: 4 }, () => group().join('')).join('-');
}
