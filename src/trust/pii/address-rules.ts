import type { PiiCandidate } from './pii-kind.ts';

const NUMBER = '(?:\\d{1,5}|[一二三四五六七八九十百零〇]{1,5})';
const UNIT = '(?:号楼|号|弄|栋|幢|座|单元|室|楼|层|房)';

// What makes an address safe to recognise is a road or an estate followed by a house number; the
// words in front are collected afterwards.
const HOUSE = new RegExp(
  '(?:(?<![走逛上网思线电问赶迷让铁半])[路街]|大道|巷|胡同|弄|村|小区|花园|公寓|大厦|家园|新村|苑) ?' +
    `${NUMBER} ?(?:号楼|号(?!线)|弄|栋|幢|座|单元|室)` +
    `(?:[ -]?(?:${NUMBER}|[A-Za-z]) ?${UNIT}){0,6}(?:-?\\d{1,5}(?!\\d)){0,2}`,
  'g',
);

// Verbs after which the place begins.
const LEAD_IN = /住在?|地址是?|位于|[寄送][到往给]|改[成为到]|换[成到]|搬[到去]|[在是到我]/g;
const MAX_PLACE_CHARS = 24;

// US and UK style: a number, capitalised words, a street word; in lower case only when announced.
const STREET =
  '(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Square)';
const ENGLISH: readonly RegExp[] = [
  new RegExp(
    `(?<!\\d)(\\d{1,5}[A-Za-z]? (?:[A-Z][a-z]{1,20} ){1,4}${STREET}(?![A-Za-z])` +
      '(?:,? (?:Apt|Unit|Flat|Suite|#) ?[A-Za-z0-9]{1,5})?)',
    'g',
  ),
  new RegExp(
    '(?:live at|address is|address to|deliver to|ship to|address:) ' +
      `(\\d{1,5}[a-z]? (?:[a-z]{2,20} ){1,4}${STREET}(?![a-z]))`,
    'gi',
  ),
];

/** Where the place in front of the house number at `end` begins; −1 when nothing names one. */
function placeStart(text: string, end: number): number {
  let start = end;
  while (
    start > Math.max(0, end - MAX_PLACE_CHARS) &&
    /[\u4e00-\u9fff]/.test(text[start - 1] ?? '')
  )
    start--;
  const words = text.slice(start, end);
  const lead = Array.from(words.matchAll(LEAD_IN)).at(-1);
  if (lead !== undefined) start += lead.index + lead[0].length;
  return end - start >= 1 ? start : -1;
}

/** Finds street addresses down to the house; a city or a district alone identifies nobody. */
export function findAddresses(text: string): PiiCandidate[] {
  const chinese = Array.from(text.matchAll(HOUSE), (match) => ({
    start: placeStart(text, match.index),
    end: match.index + match[0].length,
  })).filter(({ start }) => start >= 0);
  const english = ENGLISH.flatMap((pattern) =>
    Array.from(text.matchAll(pattern), (match) => {
      const end = match.index + match[0].length;
      return { start: end - (match[1] as string).length, end };
    }),
  );
  return [...chinese, ...english].map((span) => ({ kind: 'address', strength: 1, ...span }));
}
