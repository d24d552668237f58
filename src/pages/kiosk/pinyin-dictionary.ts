import { pinyin } from 'pinyin-pro';
import { COMMON_CHARACTERS } from './common-characters.ts';
import { SERVICE_WORDS } from './service-words.ts';

/** What a run of toneless syllables, joined by spaces, can be written as. */
export type PinyinDictionary = {
  readonly syllables: ReadonlySet<string>;
  readonly longestSyllable: number;
  readonly byReading: ReadonlyMap<string, readonly string[]>;
  /** Lower is more usual; unlisted characters share the last place. */
  readonly rankOf: ReadonlyMap<string, number>;
};

// GB 2312 is the set of characters in everyday use: rows 16–55 the frequent, 56–87 the rarer ones.
const FREQUENT_ROWS = [16, 55] as const;
const RARER_ROWS = [56, 87] as const;
const CELLS = 94;

const SYLLABLE = /^[a-z]{1,6}$/;

const plain = (reading: string): string => reading.replaceAll('ü', 'v');

function add(index: Map<string, string[]>, key: string, text: string): void {
  const known = index.get(key);
  if (!known) index.set(key, [text]);
  else if (!known.includes(text)) known.push(text);
}

function charactersOfRows([first, last]: readonly [number, number]): string {
  const bytes: number[] = [];
  for (let row = first; row <= last; row += 1) {
    for (let cell = 1; cell <= CELLS; cell += 1) bytes.push(0xa0 + row, 0xa0 + cell);
  }
  return new TextDecoder('gbk').decode(new Uint8Array(bytes));
}

/** Files characters under their first reading, then under the others, which are less usual. */
function addCharacters(
  characters: string,
  index: Map<string, string[]>,
  rankOf: Map<string, number>,
): void {
  const others: [string, string][] = [];
  for (const character of characters) {
    if (rankOf.has(character)) continue;
    rankOf.set(character, rankOf.size);
    const readings = pinyin(character, { toneType: 'none', type: 'array', multiple: true })
      .map(plain)
      .filter((reading) => SYLLABLE.test(reading));
    for (const [place, reading] of readings.entries()) {
      if (place === 0) add(index, reading, character);
      else others.push([reading, character]);
    }
  }
  for (const [reading, character] of others) add(index, reading, character);
}

/**
 * Turns pinyin-pro, which reads characters, round: from readings to characters.
 *
 * Takes 0.1–0.3 s; build it once, when the Chinese keyboard first opens.
 */
export function createPinyinDictionary(): PinyinDictionary {
  const index = new Map<string, string[]>();
  const rankOf = new Map<string, number>();
  for (const characters of [COMMON_CHARACTERS, FREQUENT_ROWS, RARER_ROWS]) {
    const text = typeof characters === 'string' ? characters : charactersOfRows(characters);
    addCharacters(text, index, rankOf);
  }
  const syllables = new Set(index.keys());
  for (const [place, word] of SERVICE_WORDS.entries()) {
    const reading = pinyin(word, { toneType: 'none', type: 'array' }).map(plain);
    add(index, reading.join(' '), word);
    add(index, reading.map((syllable) => syllable[0]).join(''), word);
    rankOf.set(word, place);
  }
  return { syllables, longestSyllable: 6, byReading: index, rankOf };
}
