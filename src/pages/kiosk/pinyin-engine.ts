import { type Candidate, findCandidates } from './pinyin-candidates.ts';
import { createPinyinDictionary } from './pinyin-dictionary.ts';

/** Makes the finder of candidates; its own chunk, since pinyin-pro is large. */
export function createPinyinEngine(): (typed: string) => readonly Candidate[] {
  const dictionary = createPinyinDictionary();
  return (typed) => findCandidates(dictionary, typed);
}
