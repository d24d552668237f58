import type { Candidate, Thresholds, Understanding } from '../../domain/ports.ts';
import { type Scale, toProbabilities } from './calibrate.ts';
import { centre, extractFeatures, type FeatureSpace } from './intent-features.ts';
import { type HeadWeights, scoreFeatures } from './train-intent-head.ts';
import { findNearestBetween, type Neighbour } from './vector-index.ts';

const CANDIDATES = 5;
/**
 * Labels whose utterances are compared with a text: among the four best of the head is the right one
 * nearly always, and comparing all utterances takes twenty times as long.
 */
const COMPARED_LABELS = 4;

/** A labelled text. */
export type LabelledText = { readonly intent: string; readonly text: string };

/** What scores a text: the regression, and the utterances it was trained on. */
export type IntentHead = {
  readonly space: FeatureSpace;
  /** For each label, and then for "none of these" where the model has such a class. */
  readonly weights: HeadWeights;
  /** Centred vectors of the utterances, row-major, rows of unit length, ordered by label. */
  readonly vectors: Float32Array;
  /** First row of each label's utterances, and at the end the number of rows. */
  readonly starts: Uint32Array;
};

/** Everything that training found: the head, the utterances, and when to trust them. */
export type IntentModel = IntentHead & {
  readonly labels: readonly string[];
  /** The utterances, in the order of `vectors`. */
  readonly utterances: readonly string[];
  readonly scale: Scale;
  /** How much a close utterance counts beside the regression's logits; 0 where it did not help. */
  readonly neighbourWeight: number;
  readonly thresholds: Thresholds;
};

/** What the model makes of a text. */
export type Reading = Pick<Understanding, 'candidates' | 'nearest'> & {
  /** Highest score: how familiar the text is. The best sign that none of the labels fits. */
  readonly familiarity: number;
};

/** Scores of a text before they are blended and calibrated. */
export type TextScores = {
  readonly logits: Float32Array;
  /** Cosine of each label's closest utterance; for labels not compared, the lowest that was found. */
  readonly closeness: Float32Array;
  readonly nearest: (Neighbour & { readonly label: number }) | null;
};

/** Indices of the largest values, largest first. */
function findBest(values: Float32Array, limit: number): number[] {
  const best: number[] = [];
  for (const index of values.keys()) {
    const value = values[index] as number;
    const at = best.findIndex((other) => value > (values[other] as number));
    best.splice(at < 0 ? best.length : at, 0, index);
    if (best.length > limit) best.pop();
  }
  return best;
}

/** Scores a text by regression and by neighbours, given its centred encoder vector. */
export function scoreText(head: IntentHead, text: string, centred: Float32Array): TextScores {
  const { starts, vectors, weights } = head;
  const logits = new Float32Array(weights.labels);
  scoreFeatures(weights, extractFeatures(head.space, text, centred), logits);
  const labels = starts.length - 1;
  const index = { dimensions: centred.length, vectors };
  const found = findBest(logits.subarray(0, labels), COMPARED_LABELS)
    .filter((label) => (starts[label] as number) < (starts[label + 1] as number))
    .map((label) => {
      const [from, to] = [starts[label] as number, starts[label + 1] as number];
      return { label, ...findNearestBetween(index, centred, from, to) };
    })
    .sort((a, b) => b.similarity - a.similarity);
  const closeness = new Float32Array(labels).fill(found.at(-1)?.similarity ?? 0);
  for (const { label, similarity } of found) closeness[label] = similarity;
  return { logits, closeness, nearest: found[0] ?? null };
}

/** Adds what the neighbours say to the logits. */
export function blend({ logits, closeness }: TextScores, neighbourWeight: number): Float32Array {
  const blended = logits.slice();
  for (const [label, similarity] of closeness.entries()) {
    blended[label] = (blended[label] as number) + neighbourWeight * similarity;
  }
  return blended;
}

/**
 * Reads a text: its intents, and its nearest utterance among those of the likely intents.
 *
 * @param vector the encoder's vector of `text`
 */
export function readText(model: IntentModel, text: string, vector: Float32Array): Reading {
  const { labels } = model;
  const scores = scoreText(model, text, centre(model.space.mean, vector));
  const logits = blend(scores, model.neighbourWeight);
  const probabilities = toProbabilities(model.scale, logits);
  const candidates: Candidate[] = findBest(probabilities, CANDIDATES).map((label) => ({
    intent: labels[label] as string,
    probability: probabilities[label] as number,
  }));
  const nearest = scores.nearest && {
    intent: labels[scores.nearest.label] as string,
    text: model.utterances[scores.nearest.row] as string,
    similarity: scores.nearest.similarity,
  };
  return { candidates, nearest, familiarity: Math.max(...logits.subarray(0, labels.length)) };
}
