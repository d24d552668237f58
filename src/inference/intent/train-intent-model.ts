import { chooseThresholds, fitScale, type JudgedTurn, judge, measureLoss } from './calibrate.ts';
import { centre, countFeatures, extractFeatures, learnFeatureSpace } from './intent-features.ts';
import {
  blend,
  type IntentHead,
  type IntentModel,
  type LabelledText,
  scoreText,
  type TextScores,
} from './intent-model.ts';
import {
  createRandom,
  shuffle,
  TRAINING_DEFAULTS,
  type TrainingOptions,
  trainIntentHead,
} from './train-intent-head.ts';

/** Folds in which training texts are scored by heads that have not seen them. */
const TRAINING_FOLDS = 5;
/** The same for texts that fit nothing, where the rest is held out already. */
const OUTSIDE_FOLDS = 2;
/** Fewer texts than these say too little about what fits nothing. */
const LEAST_OUTSIDE = 10;

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

/** How much neighbours may count; the best on held-out texts is taken. */
const NEIGHBOUR_WEIGHTS = [0, 3, 6, 9, 12];

/** A held-out text and what a head that has not seen it makes of it. */
type Scored = { readonly scores: TextScores; readonly label: number | null };

/** How heads of one job are trained: the classes are the labels, then "none of these" if it exists. */
type Plan = {
  readonly labels: readonly string[];
  readonly classes: number;
  readonly dimensions: number;
  readonly options: TrainingOptions;
};

const rowOf = (vectors: Float32Array, dimensions: number, row: number): Float32Array =>
  vectors.subarray(row * dimensions, (row + 1) * dimensions);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Takes some rows of embedded texts. */
function pick<T>(from: Embedded<T>, rows: readonly number[], dimensions: number): Embedded<T> {
  const vectors = new Float32Array(rows.length * dimensions);
  for (const [at, row] of rows.entries()) {
    vectors.set(rowOf(from.vectors, dimensions, row), at * dimensions);
  }
  return { texts: rows.map((row) => from.texts[row] as T), vectors };
}

function join<T>(a: Embedded<T>, b: Embedded<T>): Embedded<T> {
  const vectors = new Float32Array(a.vectors.length + b.vectors.length);
  vectors.set(a.vectors);
  vectors.set(b.vectors, a.vectors.length);
  return { texts: [...a.texts, ...b.texts], vectors };
}

/** Rows whose text passes a test, by intent and then in their own order. */
function select<T extends CalibrationText>(
  from: Embedded<T>,
  dimensions: number,
  test: (text: T) => boolean,
): Embedded<T> {
  const rows = [...from.texts.keys()].filter((row) => test(from.texts[row] as T));
  const intentOf = (row: number) => from.texts[row]?.intent ?? '';
  return pick(
    from,
    rows.sort((a, b) => compare(intentOf(a), intentOf(b))),
    dimensions,
  );
}

/** Trains a head; its index holds the texts that have a label, in the order of the labels. */
function trainHead(embedded: Embedded<CalibrationText>, plan: Plan): IntentHead {
  const { dimensions, labels, classes, options } = plan;
  const { texts, vectors } = embedded;
  const labelOf = new Map(labels.map((label, index) => [label, index]));
  const space = learnFeatureSpace(
    texts.map(({ text }) => text),
    vectors,
    dimensions,
    labels.length,
  );
  const rows = texts.map(({ intent, text }, row) => {
    const centred = centre(space.mean, rowOf(vectors, dimensions, row));
    const label = labelOf.get(intent ?? '') ?? labels.length;
    return { label, centred, features: extractFeatures(space, text, centred) };
  });
  const indexed = rows
    .filter(({ label }) => label < labels.length)
    .sort((a, b) => a.label - b.label);
  const index = new Float32Array(indexed.length * dimensions);
  for (const [row, { centred }] of indexed.entries()) index.set(centred, row * dimensions);
  const starts = Uint32Array.from({ length: labels.length + 1 }, (_, label) => {
    const first = indexed.findIndex((row) => row.label >= label);
    return first < 0 ? indexed.length : first;
  });
  const weights = trainIntentHead(rows, classes, countFeatures(space), options);
  return { space, weights, vectors: index, starts };
}

function scoreAll(
  head: IntentHead,
  { texts, vectors }: Embedded<CalibrationText>,
  { labels, dimensions }: Plan,
): Scored[] {
  const labelOf = new Map(labels.map((label, index) => [label, index]));
  return texts.map(({ intent, text }, row) => ({
    scores: scoreText(head, text, centre(head.space.mean, rowOf(vectors, dimensions, row))),
    // A label that training does not know cannot be answered: for this model nothing fits.
    label: labelOf.get(intent ?? '') ?? null,
  }));
}

/** Scores each text of `folded` by a head that knows `fixed` and the other folds only. */
function scoreInFolds(
  fixed: Embedded<CalibrationText>,
  folded: Embedded<CalibrationText>,
  folds: number,
  plan: Plan,
): Scored[] {
  const order = Uint32Array.from(folded.texts.keys());
  shuffle(order, createRandom(plan.options.seed));
  const intentOf = (row: number) => folded.texts[row]?.intent ?? '';
  // Dealt out intent by intent, so that every fold holds some of each.
  const rows = [...order].sort((a, b) => compare(intentOf(a), intentOf(b)));
  return Array.from({ length: folds }, (_, fold) => {
    const seen = rows.filter((_, at) => at % folds !== fold);
    const held = rows.filter((_, at) => at % folds === fold);
    const head = trainHead(join(fixed, pick(folded, seen, plan.dimensions)), plan);
    return scoreAll(head, pick(folded, held, plan.dimensions), plan);
  }).flat();
}

/** The weight of the neighbours, and the scale with it, under which held-out texts are most likely. */
function fitBlend(held: readonly Scored[], canReject: boolean) {
  const fits = NEIGHBOUR_WEIGHTS.map((neighbourWeight) => {
    const texts = held.map(({ scores, label }) => ({
      logits: blend(scores, neighbourWeight),
      label,
    }));
    const scale = fitScale(texts, canReject);
    return { neighbourWeight, scale, texts, loss: measureLoss(scale, texts) };
  });
  return fits.reduce((best, fit) => (fit.loss < best.loss ? fit : best));
}

/** A model and the held-out turns by which its thresholds were chosen. */
export type TrainedModel = { readonly model: IntentModel; readonly heldOut: readonly JudgedTurn[] };

/**
 * Trains head, scale and thresholds. Takes seconds and blocks its thread.
 *
 * Texts that fit nothing teach the head a class of their own. The weight of the neighbours, the scale
 * and the thresholds are fitted on the calibration texts, those that fit nothing being scored by heads
 * that have not seen them; where no calibration text has an intent, folds of the training texts stand
 * in. The same job gives the same model.
 */
export function trainIntentModel(
  job: TrainingJob,
  options: TrainingOptions = TRAINING_DEFAULTS,
): TrainedModel {
  const { dimensions, statedErrorRate } = job;
  const labels = [...new Set(job.training.texts.map(({ intent }) => intent))].sort(compare);
  const training = select(job.training, dimensions, () => true);
  const calibration = select(job.calibration, dimensions, ({ intent }) => intent !== null);
  const strangers = select(job.calibration, dimensions, ({ intent }) => intent === null);
  const canReject = strangers.texts.length >= LEAST_OUTSIDE;
  const outside = canReject ? strangers : pick(strangers, [], dimensions);
  const plan = { labels, classes: labels.length + (canReject ? 1 : 0), dimensions, options };

  const head = trainHead(join<CalibrationText>(training, outside), plan);
  const scored =
    calibration.texts.length > 0
      ? [
          ...scoreAll(head, calibration, plan),
          ...(canReject ? scoreInFolds(training, outside, OUTSIDE_FOLDS, plan) : []),
        ]
      : scoreInFolds(
          pick(training, [], dimensions),
          join<CalibrationText>(training, outside),
          TRAINING_FOLDS,
          plan,
        );
  const { neighbourWeight, scale, texts } = fitBlend(scored, canReject);
  const heldOut = texts.map((text) => judge(scale, text));
  const utterances = training.texts.map(({ text }) => text);
  const thresholds = chooseThresholds(heldOut, statedErrorRate);
  return { model: { labels, utterances, ...head, scale, neighbourWeight, thresholds }, heldOut };
}
