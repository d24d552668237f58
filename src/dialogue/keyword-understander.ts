import type { Candidate, Thresholds, Understanding } from '../domain/ports.ts';
import type { Knowledge } from './knowledge.ts';

/** Few answers, but right ones: fitted so that a lone common bigram never answers. */
const THRESHOLDS: Thresholds = { absolute: 0.6, margin: 0.2, choose: 0.25 };

type Entry = { readonly intent: string; readonly text: string; readonly weight: number };

/** What is known of the utterances, ready for one question after the other. */
type Index = {
  readonly entries: readonly Entry[];
  /** Word or character pair → its rarity and the entries that hold it. */
  readonly grams: ReadonlyMap<
    string,
    { readonly weight: number; readonly entries: readonly number[] }
  >;
};

/** A word that no utterance holds is rare, so it counts against every match. */
const UNKNOWN = { weight: 6, entries: [] as readonly number[] };

function gramsOf(text: string): Set<string> {
  const grams = new Set<string>();
  for (const word of text.toLowerCase().match(/[a-z0-9']+/g) ?? []) grams.add(word);
  const han = text.match(/\p{Script=Han}+/gu) ?? [];
  for (const run of han)
    for (let at = 0; at + 2 <= run.length; at += 1) grams.add(run.slice(at, at + 2));
  return grams;
}

/**
 * The last resort when no model answers: finds the utterance that shares the rarest words and
 * character pairs with the question. No model, no I/O, no warm-up.
 */
export class KeywordUnderstander {
  readonly #knowledge: Knowledge;
  #index: Index | null = null;

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  thresholds(): Thresholds {
    return THRESHOLDS;
  }

  understand(text: string): Understanding {
    const { entries, grams } = this.#built();
    const shared = new Float64Array(entries.length);
    let total = 0;
    for (const gram of gramsOf(text)) {
      const { weight, entries: holders } = grams.get(gram) ?? UNKNOWN;
      total += weight;
      for (const entry of holders) shared[entry] = (shared[entry] ?? 0) + weight;
    }
    const best = new Map<string, { score: number; text: string }>();
    for (const [at, entry] of entries.entries()) {
      const score = (2 * (shared[at] ?? 0)) / (total + entry.weight);
      if (score > (best.get(entry.intent)?.score ?? 0))
        best.set(entry.intent, { score, text: entry.text });
    }
    const ranked = [...best].sort((a, b) => b[1].score - a[1].score).slice(0, 5);
    const candidates: Candidate[] = ranked.map(([intent, hit]) => ({
      intent,
      probability: hit.score,
    }));
    const top = ranked[0];
    return {
      candidates,
      nearest: top ? { intent: top[0], text: top[1].text, similarity: top[1].score } : null,
      stagesMs: { queue: 0, tokenise: 0, encode: 0, classify: 0 },
    };
  }

  #built(): Index {
    this.#index ??= buildIndex(this.#knowledge);
    return this.#index;
  }
}

function buildIndex(knowledge: Knowledge): Index {
  const texts = [...knowledge.intents()].flatMap(({ id, title, utterances }) =>
    [title.zh, title.en, ...utterances.zh, ...utterances.en].map((text) => ({ intent: id, text })),
  );
  const holders = new Map<string, number[]>();
  for (const [at, { text }] of texts.entries())
    for (const gram of gramsOf(text)) {
      const entries = holders.get(gram);
      if (entries) entries.push(at);
      else holders.set(gram, [at]);
    }
  const weights = new Float64Array(texts.length);
  const grams = new Map<string, { weight: number; entries: readonly number[] }>();
  for (const [gram, entries] of holders) {
    const weight = Math.log(texts.length / entries.length);
    for (const entry of entries) weights[entry] = (weights[entry] ?? 0) + weight;
    grams.set(gram, { weight, entries });
  }
  return { entries: texts.map((one, at) => ({ ...one, weight: weights[at] ?? 0 })), grams };
}
