import type { Thresholds } from '../../domain/ports.ts';
import { centre } from '../intent/intent-features.ts';
import { type LabelledText, type Reading, readText } from '../intent/intent-model.ts';
import { trainIntentModel } from '../intent/train-intent-model.ts';
import { findNearest } from '../intent/vector-index.ts';
import { accuracy, auroc, macroF1, spearman } from './scores.ts';

/** Embeds texts: row-major [texts, dimensions], rows of unit length. */
export type Embed = (texts: readonly string[]) => Promise<Float32Array>;

/** Texts with labels, and texts that fit none. */
export type IntentTask = {
  readonly train: readonly LabelledText[];
  readonly test: readonly LabelledText[];
  /** Test texts that fit no label; null when not asked. */
  readonly outside: readonly string[] | null;
  /** Share of answers that may be wrong, 0..1. */
  readonly statedErrorRate: number;
};

/** Figures of a task, each 0..1. */
export type IntentScores = {
  readonly accuracy: number;
  readonly macroF1: number;
  /** How well familiar texts are told from those that fit nothing. */
  readonly oosAuroc: number | null;
  /** Share of the test texts that the thresholds, fitted on folds of `train`, let answer. */
  readonly coverage: number;
  /** Share of those answers that were wrong. */
  readonly errorRate: number;
  readonly thresholds: Thresholds;
};

function isAnswered({ candidates }: Reading, thresholds: Thresholds): boolean {
  const [best, second] = candidates;
  if (!best) return false;
  const margin = best.probability - (second?.probability ?? 0);
  return best.probability >= thresholds.absolute && margin >= thresholds.margin;
}

/** Trains on `train` as the appliance would and answers `test`. */
export async function evaluateIntents(embed: Embed, task: IntentTask): Promise<IntentScores> {
  const vectors = await embed(task.train.map(({ text }) => text));
  const dimensions = vectors.length / task.train.length;
  const { model } = trainIntentModel({
    dimensions,
    training: { texts: task.train, vectors },
    calibration: { texts: [], vectors: new Float32Array() },
    statedErrorRate: task.statedErrorRate,
  });
  const readAll = async (texts: readonly string[]): Promise<Reading[]> => {
    const rows = await embed(texts);
    return texts.map((text, row) =>
      readText(model, text, rows.subarray(row * dimensions, (row + 1) * dimensions)),
    );
  };
  const readings = await readAll(task.test.map(({ text }) => text));
  const expected = task.test.map(({ intent }) => intent);
  const found = readings.map(({ candidates }) => candidates[0]?.intent ?? '');
  const answered = [...readings.keys()].filter((row) =>
    isAnswered(readings[row] as Reading, model.thresholds),
  );
  const wrong = answered.filter((row) => expected[row] !== found[row]).length;
  const outside = task.outside && (await readAll(task.outside));
  const familiarity = (all: readonly Reading[]) => all.map((reading) => reading.familiarity);
  return {
    accuracy: accuracy(expected, found),
    macroF1: macroF1(expected, found),
    oosAuroc: outside && auroc(familiarity(readings), familiarity(outside)),
    coverage: answered.length / readings.length,
    errorRate: answered.length === 0 ? 0 : wrong / answered.length,
    thresholds: model.thresholds,
  };
}

/** Moves the origin of the vectors to their mean, which spreads the cosines that lie close together. */
function centreAll(vectors: Float32Array, rows: number): Float32Array[] {
  const dimensions = vectors.length / rows;
  const mean = new Float32Array(dimensions);
  for (let at = 0; at < vectors.length; at += 1) {
    const column = at % dimensions;
    mean[column] = (mean[column] as number) + (vectors[at] as number) / rows;
  }
  return Array.from({ length: rows }, (_, row) =>
    centre(mean, vectors.subarray(row * dimensions, (row + 1) * dimensions)),
  );
}

/** Two texts, and how alike people found them. */
export type TextPair = { readonly first: string; readonly second: string; readonly alike: number };

/** Spearman's rank correlation between the cosine of pairs and people's judgement. */
export async function evaluatePairs(embed: Embed, pairs: readonly TextPair[]): Promise<number> {
  const texts = pairs.flatMap(({ first, second }) => [first, second]);
  const vectors = await embed(texts);
  const dimensions = vectors.length / texts.length;
  const rowOf = (row: number) => vectors.subarray(row * dimensions, (row + 1) * dimensions);
  const cosines = pairs.map((_, at) => {
    const other = rowOf(2 * at + 1);
    return rowOf(2 * at).reduce((sum, value, d) => sum + value * (other[d] as number), 0);
  });
  return spearman(
    cosines,
    pairs.map(({ alike }) => alike),
  );
}

/** How often the right entry of a knowledge base is the nearest, or among the five nearest, 0..1. */
export type FaqScores = { readonly recall1: number; readonly recall5: number };

/**
 * Looks questions up in a knowledge base.
 *
 * @param entries several may share an id (`intent`): finding one of them is enough
 */
export async function evaluateFaq(
  embed: Embed,
  entries: readonly LabelledText[],
  queries: readonly LabelledText[],
): Promise<FaqScores> {
  const texts = [...entries, ...queries].map(({ text }) => text);
  const centred = centreAll(await embed(texts), texts.length);
  const dimensions = centred[0]?.length ?? 0;
  const vectors = new Float32Array(entries.length * dimensions);
  for (const row of entries.keys()) vectors.set(centred[row] as Float32Array, row * dimensions);
  let [first, firstFive] = [0, 0];
  for (const [at, query] of queries.entries()) {
    const vector = centred[entries.length + at] as Float32Array;
    const nearest = findNearest({ dimensions, vectors }, vector, 5);
    const place = nearest.findIndex(({ row }) => entries[row]?.intent === query.intent);
    if (place === 0) first += 1;
    if (place >= 0) firstFive += 1;
  }
  return { recall1: first / queries.length, recall5: firstFive / queries.length };
}
