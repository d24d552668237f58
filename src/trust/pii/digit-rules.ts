import { hasBirthDate, isBankCard, isIdentityCard } from './checksums.ts';
import type { DigitWindow } from './digit-windows.ts';
import type { PiiCandidate, PiiKind } from './pii-kind.ts';

type DigitRule = {
  readonly kind: PiiKind;
  readonly strength: PiiCandidate['strength'];
  readonly holds: (window: DigitWindow) => boolean;
};

const isOneRun = (window: DigitWindow) => window.lengths.length === 1;
const isSpelled = (window: DigitWindow) => window.lengths.every((length) => length === 1);

/** Groups of four with a shorter or slightly longer end, as cards and accounts are embossed. */
function isInFours(window: DigitWindow): boolean {
  const last = window.lengths.at(-1) ?? 0;
  return (
    window.lengths.length >= 4 && window.lengths.slice(0, -1).every((n) => n === 4) && last < 8
  );
}

/** `2021 2022 2023 2024` is a list of years, whatever its check digit says. */
function isYears(window: DigitWindow): boolean {
  const { lengths, digits } = window;
  return lengths.every((n) => n === 4) && /^(?:(?:19|20)\d\d)+$/.test(digits);
}

/** Chinese mobile: YD/T 1127 and the MIIT numbering plan: 1, then 3 to 9, then nine digits. */
function isMobile(window: DigitWindow): boolean {
  const { digits, lengths, separators } = window;
  if (!/^(?:0086|86)?1[3-9]\d{9}$/.test(digits)) return false;
  // With dots only 138.0013.8000: 138001380.00 is an amount.
  if (separators.includes('.')) return lengths.slice(-3).join('-') === '3-4-4';
  const pairs = lengths.filter((n) => n !== 2).length <= 1;
  return lengths.length <= 5 || pairs || isSpelled(window);
}

/** Chinese landline (0 + area code + 7 or 8 digits, first 2 to 8) and 400/800 numbers. */
function isLandline(window: DigitWindow): boolean {
  const { digits, lengths, separators } = window;
  if (/^400\d{7}$/.test(digits)) return true;
  if (/^800\d{7}$/.test(digits)) return lengths.length > 1 && separators.trim() !== '';
  const isNational = /^0(?:10|2\d)[2-8]\d{7}$|^0[3-9]\d{2}[2-8]\d{6,7}$/.test(digits);
  return isNational && (lengths.length <= 3 || isSpelled(window));
}

/** The ways in which a card number is printed or spelled; in odd groups only if it begins like one. */
function isGroupedLikeCard(window: DigitWindow): boolean {
  const { digits, lengths } = window;
  if (isOneRun(window) || isInFours(window) || isSpelled(window)) return !isYears(window);
  // American Express and Diners emboss 4-6-5 and 4-6-4; some banks print the issuer apart.
  if (/^(?:4-6-[45]|6-1[03])$/.test(lengths.join('-'))) return true;
  return digits.length >= 16 && /^[3-6]/.test(digits) && Math.max(...lengths) <= 8;
}

/** Payment card: ISO/IEC 7812-1. */
function isCard(window: DigitWindow): boolean {
  return window.digits.length >= 13 && isGroupedLikeCard(window) && isBankCard(window.digits);
}

/** North American plan: area and exchange begin with 2 to 9, and are written in 3-3-4. */
function isNorthAmerican(window: DigitWindow): boolean {
  if (!/^(?:1-)?3-3-4$/.test(window.lengths.join('-'))) return false;
  if (!/^1?[2-9]\d{2}[2-9]\d{6}$/.test(window.digits)) return false;
  // Round areas (200 300 4000) are amounts unless a sign says otherwise.
  return window.separators.trim() !== '' || !/^1?\d(?:00|11)/.test(window.digits);
}

/** ITU-T E.164 (a plus and 8 to 15 digits), North America, or a British mobile. */
function isPhone(window: DigitWindow): boolean {
  const { digits, plus, lengths } = window;
  if (plus && digits.length >= 8 && digits.length <= 15) return true;
  if (/^07[1-9]\d{8}$/.test(digits) && /^(?:11|5-6|5-3-3)$/.test(lengths.join('-'))) return true;
  return isNorthAmerican(window);
}

/** Long runs that look like an account or a mistyped card: kept out of the ledger all the same. */
function isLongNumber(window: DigitWindow): boolean {
  if (isOneRun(window)) return window.digits.length >= 15;
  if (/^(?:6-8-4|6-4-4-4)$/.test(window.lengths.join('-'))) return hasBirthDate(window.digits);
  return window.digits.length >= 15 && isInFours(window) && !isYears(window);
}

const RULES: readonly DigitRule[] = [
  { kind: 'identity_card', strength: 3, holds: (window) => isIdentityCard(window.digits) },
  { kind: 'mobile', strength: 2, holds: isMobile },
  { kind: 'landline', strength: 2, holds: isLandline },
  { kind: 'bank_card', strength: 3, holds: isCard },
  { kind: 'phone', strength: 1, holds: isPhone },
  { kind: 'number', strength: 2, holds: isLongNumber },
];

/** Says which personal number the digits are; null when none. */
export function readDigits(window: DigitWindow): PiiCandidate | null {
  if (window.xFollows && isIdentityCard(`${window.digits}X`)) {
    return { kind: 'identity_card', start: window.start, end: window.end + 1, strength: 3 };
  }
  const rule = RULES.find(({ holds }) => holds(window));
  if (rule === undefined) return null;
  const takesX = rule.kind === 'number' && window.xFollows && window.digits.length === 17;
  return {
    kind: rule.kind,
    start: window.start,
    end: window.end + (takesX ? 1 : 0),
    strength: rule.strength,
  };
}
