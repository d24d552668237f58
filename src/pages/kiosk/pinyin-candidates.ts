import type { PinyinDictionary } from './pinyin-dictionary.ts';

/** A way to write the beginning of what was typed; `taken` letters of it are used up. */
export type Candidate = { readonly text: string; readonly taken: number };

const LONGEST_WORD = 5;
const CHARACTERS_SHOWN = 60;
/** Price of one more word in a sentence, against the rank of what is chosen: long words win. */
const WORD_PRICE = 900;

type Path = { readonly cost: number; readonly text: string };

/** Ends of syllables that begin at `start`, with the syllable. */
function syllablesAt(
  dictionary: PinyinDictionary,
  typed: string,
  start: number,
): readonly { readonly syllable: string; readonly end: number }[] {
  const found: { syllable: string; end: number }[] = [];
  for (let length = 1; length <= dictionary.longestSyllable; length += 1) {
    const syllable = typed.slice(start, start + length);
    if (syllable.length === length && dictionary.syllables.has(syllable)) {
      found.push({ syllable, end: start + length });
    }
  }
  return found;
}

/** Every reading of one to five syllables that begins at `start`. */
function readingsAt(
  dictionary: PinyinDictionary,
  typed: string,
  start: number,
): readonly { readonly key: string; readonly end: number }[] {
  const all: { key: string; end: number }[] = [];
  let open: readonly { readonly key: string; readonly end: number }[] = [{ key: '', end: start }];
  for (let size = 1; size <= LONGEST_WORD && open.length > 0; size += 1) {
    open = open.flatMap((path) =>
      syllablesAt(dictionary, typed, path.end).map(({ syllable, end }) => ({
        key: path.key === '' ? syllable : `${path.key} ${syllable}`,
        end,
      })),
    );
    all.push(...open);
  }
  return all;
}

/** Every word that can follow a path, with where it ends. */
function stepsFrom(
  dictionary: PinyinDictionary,
  typed: string,
  start: number,
  path: Path,
): readonly (Path & { readonly end: number })[] {
  return readingsAt(dictionary, typed, start).flatMap(({ key, end }) => {
    const text = dictionary.byReading.get(key)?.[0];
    if (text === undefined) return [];
    const rank = dictionary.rankOf.get(text) ?? 0;
    return [{ end, cost: path.cost + WORD_PRICE + rank ** 0.9, text: path.text + text }];
  });
}

/** The most usual way to write as much of it as can be read. */
function writeSentence(dictionary: PinyinDictionary, typed: string): Candidate | null {
  const best: (Path | undefined)[] = [{ cost: 0, text: '' }];
  for (let start = 0; start < typed.length; start += 1) {
    const path = best[start];
    for (const step of path ? stepsFrom(dictionary, typed, start, path) : []) {
      if (step.cost < (best[step.end]?.cost ?? Number.POSITIVE_INFINITY)) best[step.end] = step;
    }
  }
  const taken = best.findLastIndex((path) => path !== undefined);
  return taken > 0 ? { text: best[taken]?.text ?? '', taken } : null;
}

/**
 * Offers ways to write typed pinyin: the whole as a sentence, words by their initials, words and
 * characters that its beginning spells, longest first.
 *
 * @param typed letters a–z, `v` for ü
 */
export function findCandidates(dictionary: PinyinDictionary, typed: string): readonly Candidate[] {
  const found = new Map<string, number>();
  const offer = (text: string, taken: number): void => {
    if (!found.has(text)) found.set(text, taken);
  };
  const sentence = writeSentence(dictionary, typed);
  if (sentence) offer(sentence.text, sentence.taken);
  if (typed.length > 1 && !dictionary.syllables.has(typed)) {
    for (const word of dictionary.byReading.get(typed) ?? []) offer(word, typed.length);
  }
  const readings = [...readingsAt(dictionary, typed, 0)].sort((a, b) => b.end - a.end);
  for (const { key, end } of readings) {
    const texts = dictionary.byReading.get(key) ?? [];
    const limit = key.includes(' ') ? texts.length : CHARACTERS_SHOWN;
    for (const text of texts.slice(0, limit)) offer(text, end);
  }
  return [...found].map(([text, taken]) => ({ text, taken }));
}
