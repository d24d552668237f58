import type { Candidate, Thresholds, Understanding } from '../domain/ports.ts';
import type { Knowledge } from './knowledge.ts';

/** Few answers, but right ones: fitted so that a lone common bigram never answers. */
const THRESHOLDS: Thresholds = { absolute: 0.6, margin: 0.2, choose: 0.25 };

type Entry = {
  readonly intent: string;
  readonly text: string;
  readonly grams: ReadonlySet<string>;
};

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
  #index: { entries: readonly Entry[]; weight: ReadonlyMap<string, number> } | null = null;

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  thresholds(): Thresholds {
    return THRESHOLDS;
  }

  understand(text: string): Understanding {
    const { entries, weight } = this.#built();
    const asked = gramsOf(text);
    const total = sum(asked, weight);
    const best = new Map<string, { score: number; text: string }>();
    for (const entry of entries) {
      const shared = new Set([...asked].filter((gram) => entry.grams.has(gram)));
      const score = (2 * sum(shared, weight)) / (total + sum(entry.grams, weight));
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

  #built(): { entries: readonly Entry[]; weight: ReadonlyMap<string, number> } {
    if (this.#index) return this.#index;
    const entries: Entry[] = [];
    for (const intent of this.#knowledge.intents())
      for (const text of [
        intent.title.zh,
        intent.title.en,
        ...intent.utterances.zh,
        ...intent.utterances.en,
      ])
        entries.push({ intent: intent.id, text, grams: gramsOf(text) });
    const counts = new Map<string, number>();
    for (const entry of entries)
      for (const gram of entry.grams) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    const weight = new Map(
      [...counts].map(([gram, count]) => [gram, Math.log(entries.length / count)]),
    );
    this.#index = { entries, weight };
    return this.#index;
  }
}

function sum(grams: ReadonlySet<string>, weight: ReadonlyMap<string, number>): number {
  // A word that no utterance holds is rare, so it counts against every match.
  let total = 0;
  for (const gram of grams) total += weight.get(gram) ?? 6;
  return total;
}
