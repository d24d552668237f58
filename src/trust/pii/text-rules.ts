import { isCreditCode, isIban } from './checksums.ts';
import type { PiiCandidate, PiiKind } from './pii-kind.ts';

type TextRule = {
  readonly kind: PiiKind;
  readonly strength: PiiCandidate['strength'];
  /** The finding is group 1, or the whole match where there is none. */
  readonly pattern: RegExp;
  readonly holds?: (found: string) => boolean;
};

// Every pattern is bounded or consumes disjoint character classes, so that none backtracks more
// than a constant per character.
const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
const PLATE_TAIL =
  '(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJK][A-HJ-NP-Z0-9]\\d{4}|\\d{5}[A-HJK])';

const RULES: readonly TextRule[] = [
  // RFC 5321 addresses as people have them: dot-atom local part, domain with a letter-only end.
  {
    kind: 'email',
    strength: 3,
    pattern: /(?<![\w.%+-])[\w.%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}/g,
  },
  // Chinese ordinary passports: E or G with 8 digits, or E, a letter and 7 digits (ICAO 9303 series).
  {
    kind: 'passport',
    strength: 2,
    pattern: /(?<![A-Za-z0-9])(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])/gi,
  },
  {
    kind: 'passport',
    strength: 2,
    pattern: /\bpassport(?: number| no\.?)?(?: is)?[ :#]{1,3}([A-Z]{0,2}\d{6,9})(?![A-Za-z0-9])/gi,
  },
  // GA 36-2018: province, office letter, five characters; new-energy vehicles have six.
  {
    kind: 'plate',
    strength: 2,
    pattern: new RegExp(
      `[${PROVINCES}][A-HJ-NP-Z][ ·•.-]?(?=[A-Z]{0,3}\\d[A-Z]{0,3}\\d)${PLATE_TAIL}(?![A-Za-z0-9])`,
      'gi',
    ),
  },
  {
    kind: 'credit_code',
    strength: 3,
    pattern: /(?<![A-Za-z0-9])[0-9A-Z]{2}\d{6}[0-9A-Z]{10}(?![A-Za-z0-9])/gi,
    holds: (found) => isCreditCode(found.toUpperCase()),
  },
  // Numbers without an area code only where the words before say that it is a telephone.
  {
    kind: 'phone',
    strength: 1,
    pattern:
      /(?:电话|座机|联系方式|\btel|\bphone(?: number)?|call me (?:at|on)|reach me (?:at|on)|my number)(?:号码|号)?\.?(?: ?(?:is|是|为|[:#]))? {0,3}(\d[\d -]{5,11}\d)(?!\d)/gi,
  },
];

function candidatesOf(rule: TextRule, text: string): PiiCandidate[] {
  return Array.from(text.matchAll(rule.pattern), (match) => {
    const found = match[1] ?? match[0];
    const start = match.index + match[0].length - found.length;
    return { found, start };
  })
    .filter(({ found }) => rule.holds?.(found) ?? true)
    .map(({ found, start }) => ({
      kind: rule.kind,
      strength: rule.strength,
      start,
      end: start + found.length,
    }));
}

/** The end of the longest account number that begins at `start`; −1 when there is none. */
function ibanEnd(text: string, start: number): number {
  let compact = '';
  let end = -1;
  for (let at = start; at < text.length && compact.length <= 34; at++) {
    const char = text[at] as string;
    if (/[A-Za-z0-9]/.test(char)) {
      compact += char.toUpperCase();
      const isLast = !/[A-Za-z0-9]/.test(text[at + 1] ?? '');
      if (isLast && isIban(compact)) end = at + 1;
    } else if (!/[ -]/.test(char) || compact.length % 4 !== 0) {
      // ISO 13616 prints groups of four: a blank elsewhere ends the number.
      break;
    }
  }
  return end;
}

function findIbans(text: string): PiiCandidate[] {
  return Array.from(text.matchAll(/(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}/g), ({ index }) => ({
    kind: 'iban' as const,
    strength: 3 as const,
    start: index,
    end: ibanEnd(text, index),
  })).filter(({ end }) => end > 0);
}

/** Finds personal data that a pattern of letters and signs gives away; `text` is width-folded. */
export function findByPattern(text: string): PiiCandidate[] {
  return [...RULES.flatMap((rule) => candidatesOf(rule, text)), ...findIbans(text)];
}
