import {
  chooseThresholds,
  fitScale,
  type JudgedTurn,
  judge,
  type Scale,
  type ScoredText,
} from './calibrate.ts';
import { centre, countFeatures, extractFeatures, learnFeatureSpace } from './intent-features.ts';
import { type IntentModel, type LabelledText, scoreText } from './intent-model.ts';
import {
  createRandom,
  shuffle,
  TRAINING_DEFAULTS,
  type TrainingOptions,
  trainIntentHead,
} from './train-intent-head.ts';

const FOLDS = 5;

/** A text whose intent is known; null: none of the intents fits. */
export type CalibrationText = { readonly intent: string | null; readonly text: string };

/** Texts with their encoder vectors, row-major. */
export type Embedded<T> = { readonly texts: readonly T[]; readonly vectors: Float32Array };

/** What a model is made from. */
export type TrainingJob = {
  readonly dimensions: number;
  readonly training: Embedded<LabelledText>;
  readonly calibration: Embedded<CalibrationText>;
  /** Share of answers that may be wrong, 0..1. */
  readonly statedErrorRate: number;
};

type Head = Pick<IntentModel, 'space' | 'weights'>;

const rowOf = (vectors: Float32Array, dimensions: number, row: number): Float32Array =>
  vectors.subarray(row * dimensions, (row + 1) * dimensions);

/** Takes some rows of embedded texts. */
function pick<T>(from: Embedded<T>, rows: readonly number[], dimensions: number): Embedded<T> {
  const vectors = new Float32Array(rows.length * dimensions);
  for (const [at, row] of rows.entries()) {
    vectors.set(rowOf(from.vectors, dimensions, row), at * dimensions);
  }
  return { texts: rows.map((row) => from.texts[row] as T), vectors };
}

function trainHead(
  { texts, vectors }: Embedded<LabelledText>,
  labels: readonly string[],
  dimensions: number,
  options: TrainingOptions,
): Head {
  const labelOf = new Map(labels.map((label, index) => [label, index]));
  const space = learnFeatureSpace(
    texts.map(({ text }) => text),
    vectors,
    dimensions,
  );
  const rows = texts.map(({ intent, text }, row) => ({
    label: labelOf.get(intent) as number,
    features: extractFeatures(space, text, centre(space.mean, rowOf(vectors, dimensions, row))),
  }));
  return { space, weights: trainIntentHead(rows, labels.length, countFeatures(space), options) };
}

function scoreAll(
  head: Head,
  { texts, vectors }: Embedded<CalibrationText>,
  labels: readonly string[],
  dimensions: number,
): ScoredText[] {
  const labelOf = new Map(labels.map((label, index) => [label, index]));
  return texts.map(({ intent, text }, row) => ({
    logits: scoreText(head, text, centre(head.space.mean, rowOf(vectors, dimensions, row))),
    // A label that training does not know cannot be answered: for this model nothing fits.
    label: intent === null ? null : (labelOf.get(intent) ?? null),
  }));
}

/** Scores each training text by a head that has not seen it. */
function scoreHeldOut(
  job: TrainingJob,
  labels: readonly string[],
  options: TrainingOptions,
): ScoredText[] {
  const { training, dimensions } = job;
  const order = Uint32Array.from(training.texts.keys());
  shuffle(order, createRandom(options.seed));
  // Dealt out label by label, so that every fold holds some of each.
  const byLabel = [...order].sort((a, b) =>
    compare(training.texts[a]?.intent ?? '', training.texts[b]?.intent ?? ''),
  );
  const folds = Array.from({ length: FOLDS }, (_, fold) => fold);
  return folds.flatMap((fold) => {
    const kept = byLabel.filter((_, at) => at % FOLDS !== fold);
    const held = byLabel.filter((_, at) => at % FOLDS === fold);
    const head = trainHead(pick(training, kept, dimensions), labels, dimensions, options);
    return scoreAll(head, pick(training, held, dimensions), labels, dimensions);
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A model and the held-out turns by which its thresholds were chosen. */
export type TrainedModel = { readonly model: IntentModel; readonly heldOut: readonly JudgedTurn[] };

/**
 * Trains head, scale and thresholds. Takes seconds and blocks its thread.
 *
 * Scale and thresholds are fitted on the calibration texts; where those name no intent, held-out
 * folds of the training texts stand in. The same job gives the same model.
 */
export function trainIntentModel(
  job: TrainingJob,
  options: TrainingOptions = TRAINING_DEFAULTS,
): TrainedModel {
  const { dimensions, statedErrorRate, calibration } = job;
  const labels = [...new Set(job.training.texts.map(({ intent }) => intent))].sort(compare);
  const order = [...job.training.texts.keys()].sort((a, b) =>
    compare(job.training.texts[a]?.intent ?? '', job.training.texts[b]?.intent ?? ''),
  );
  const training = pick(job.training, order, dimensions);
  const head = trainHead(training, labels, dimensions, options);
  const scored = scoreAll(head, calibration, labels, dimensions);
  if (scored.every(({ label }) => label === null))
    scored.push(...scoreHeldOut(job, labels, options));
  const scale: Scale = fitScale(scored);
  const heldOut = scored.map((text) => judge(scale, text));
  const labelOf = new Map(labels.map((label, index) => [label, index]));
  const vectors = training.vectors.slice();
  for (const row of training.texts.keys()) {
    vectors.set(centre(head.space.mean, rowOf(vectors, dimensions, row)), row * dimensions);
  }
  const model: IntentModel = {
    labels,
    utterances: training.texts.map(({ intent, text }) => ({
      label: labelOf.get(intent) as number,
      text,
    })),
    vectors,
    ...head,
    scale,
    thresholds: chooseThresholds(heldOut, statedErrorRate),
  };
  return { model, heldOut };
}
