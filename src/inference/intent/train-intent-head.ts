import type { FeatureVector } from './intent-features.ts';

/** One training text. */
export type TrainingRow = {
  /** Index of its label. */
  readonly label: number;
  readonly features: FeatureVector;
};

/** Knobs of the training. */
export type TrainingOptions = {
  /** Inverse strength of the regularisation, as scikit-learn's `C`. */
  readonly inverseRegularisation: number;
  /** Most passes over the training texts. */
  readonly epochs: number;
  /** Training ends after a pass whose mean duality gap is below this. */
  readonly tolerance: number;
  /** Decides the order of the texts; the same seed gives the same weights. */
  readonly seed: number;
};

/** Chosen on the development sets of BANKING77, CLINC150 and SMP2017 (10 texts a label). */
export const TRAINING_DEFAULTS: TrainingOptions = {
  inverseRegularisation: 20,
  epochs: 10,
  tolerance: 0.01,
  seed: 1,
};

/** Weights of a multinomial logistic regression: `values[feature × labels + label]`. */
export type HeadWeights = { readonly labels: number; readonly values: Float32Array };

/** Mulberry32: small, fast and the same on every machine. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Puts `order` into a random order, in place. */
export function shuffle(order: Uint32Array, random: () => number): void {
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
}

/** Writes the logits of one text into `scores`, one for each label. */
export function scoreFeatures(
  weights: HeadWeights,
  features: FeatureVector,
  scores: Float32Array,
): void {
  const { labels, values } = weights;
  const { indices, values: x } = features;
  scores.fill(0);
  let at = 0;
  // Four features at a time: each score is then loaded and stored a quarter as often.
  for (; at + 3 < indices.length; at += 4) {
    const a = (indices[at] as number) * labels;
    const b = (indices[at + 1] as number) * labels;
    const c = (indices[at + 2] as number) * labels;
    const d = (indices[at + 3] as number) * labels;
    const xa = x[at] as number;
    const xb = x[at + 1] as number;
    const xc = x[at + 2] as number;
    const xd = x[at + 3] as number;
    for (let label = 0; label < labels; label += 1) {
      scores[label] =
        (scores[label] as number) +
        (xa * (values[a + label] as number) + xb * (values[b + label] as number)) +
        (xc * (values[c + label] as number) + xd * (values[d + label] as number));
    }
  }
  for (; at < indices.length; at += 1) {
    const base = (indices[at] as number) * labels;
    const scale = x[at] as number;
    for (let label = 0; label < labels; label += 1) {
      scores[label] = (scores[label] as number) + scale * (values[base + label] as number);
    }
  }
}

/** Adds `step` to the weights of every feature of a text, in proportion to the feature. */
function addStep(weights: HeadWeights, features: FeatureVector, step: Float32Array): void {
  const { labels, values } = weights;
  for (let at = 0; at < features.indices.length; at += 1) {
    const base = (features.indices[at] as number) * labels;
    const scale = features.values[at] as number;
    for (let label = 0; label < labels; label += 1) {
      values[base + label] = (values[base + label] as number) + scale * (step[label] as number);
    }
  }
}

/** Turns logits into probabilities, in place; returns log Σ exp of the logits. */
export function softmaxInPlace(scores: Float32Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) highest = Math.max(highest, score);
  let sum = 0;
  for (let label = 0; label < scores.length; label += 1) {
    const value = Math.exp((scores[label] as number) - highest);
    scores[label] = value;
    sum += value;
  }
  for (let label = 0; label < scores.length; label += 1) {
    scores[label] = (scores[label] as number) / sum;
  }
  return highest + Math.log(sum);
}

/**
 * Turns the logits of a text into the direction in which its dual variables should move.
 *
 * @param scores logits; overwritten with `onehot − softmax − dual`
 * @returns the text's share of the duality gap and the squared length of the direction
 */
function findDirection(
  scores: Float32Array,
  dual: Float32Array,
  label: number,
): { gap: number; squares: number } {
  let gap = -(scores[label] as number);
  for (let l = 0; l < dual.length; l += 1) gap += (dual[l] as number) * (scores[l] as number);
  gap += softmaxInPlace(scores);
  let squares = 0;
  for (let l = 0; l < dual.length; l += 1) {
    const target = l === label ? 1 : 0;
    const rest = target - (dual[l] as number);
    if (rest > 0) gap += rest * Math.log(rest);
    const towards = rest - (scores[l] as number);
    scores[l] = towards;
    squares += towards * towards;
  }
  return { gap, squares };
}

/** The softmax loss is ½-smooth, so its conjugate is 2-strongly convex. */
const STRONG_CONVEXITY = 2;

/**
 * Fits a multinomial logistic regression by stochastic dual coordinate ascent: no learning rate to
 * choose, a duality gap that says when to stop, and five to ten passes are enough.
 *
 * @param featureCount number of weights rows; every index in `rows` is below it
 * @see Shalev-Shwartz and Zhang, "Accelerated proximal SDCA", 2014, option III of the step size
 */
export function trainIntentHead(
  rows: readonly TrainingRow[],
  labels: number,
  featureCount: number,
  options: TrainingOptions = TRAINING_DEFAULTS,
): HeadWeights {
  const weights = { labels, values: new Float32Array(featureCount * labels) };
  const duals = new Float32Array(rows.length * labels);
  const order = Uint32Array.from(rows.keys());
  const random = createRandom(options.seed);
  const strength = options.inverseRegularisation;
  const step = new Float32Array(labels);
  const lengths = rows.map(({ features }) => features.values.reduce((sum, x) => sum + x * x, 0));
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    shuffle(order, random);
    let total = 0;
    for (const index of order) {
      const row = rows[index] as TrainingRow;
      const dual = duals.subarray(index * labels, (index + 1) * labels);
      scoreFeatures(weights, row.features, step);
      const { gap, squares } = findDirection(step, dual, row.label);
      total += gap;
      // A text that is fitted already: its update would cost as much as any and change nothing.
      if (gap < options.tolerance / 10 || squares === 0) continue;
      const curvature = STRONG_CONVEXITY + strength * (lengths[index] as number);
      const size = Math.min(1, (gap + (STRONG_CONVEXITY / 2) * squares) / (squares * curvature));
      for (let label = 0; label < labels; label += 1) {
        const move = size * (step[label] as number);
        dual[label] = (dual[label] as number) + move;
        step[label] = strength * move;
      }
      addStep(weights, row.features, step);
    }
    if (total / rows.length < options.tolerance) break;
  }
  return weights;
}
