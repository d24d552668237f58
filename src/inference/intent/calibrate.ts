import type { Thresholds } from '../../domain/ports.ts';
import { softmaxInPlace } from './train-intent-head.ts';

/** Chance that the bound on the error rate does not hold. */
const BOUND_RISK = 0.05;
/** Least margins that are tried. */
const MARGINS = [0, 0.05, 0.1, 0.2, 0.3, 0.5];
/** How many choices a reply offers. */
const OFFERED_CHOICES = 3;
/** Enough to find a bias to eight digits, and a temperature to three. */
const BISECTION_STEPS = 30;
const SECTION_STEPS = 16;

/** Above any probability, also one that rounding has made 1. */
const UNREACHABLE = 1.01;

/** Answers nothing: what a box must do that has no evidence. */
export const NEVER_ANSWER: Thresholds = {
  absolute: UNREACHABLE,
  margin: 1,
  choose: UNREACHABLE,
};

/** How logits become probabilities. */
export type Scale = {
  /** What logits are divided by. */
  readonly temperature: number;
  /** Added to the last logit when that is the class "none of these"; null when there is no such class. */
  readonly rejectBias: number | null;
};

/** A held-out text: its logits and the label it should have got; null when none fits. */
export type ScoredText = { readonly logits: Float32Array; readonly label: number | null };

/** A held-out turn as the policy sees it. */
export type JudgedTurn = {
  /** Probability of the best label. */
  readonly probability: number;
  /** Probability of the best minus that of the second. */
  readonly margin: number;
  /** Place of the right label, 0 = best; null when none fits. */
  readonly rank: number | null;
};

/** Probabilities of the labels; with a class "none of these" they sum to 1 minus that one's. */
export function toProbabilities(scale: Scale, logits: Float32Array): Float32Array {
  const { temperature, rejectBias } = scale;
  const scaled = logits.map((logit) => logit / temperature);
  if (rejectBias === null) {
    softmaxInPlace(scaled);
    return scaled;
  }
  const last = logits.length - 1;
  scaled[last] = (scaled[last] as number) + rejectBias / temperature;
  softmaxInPlace(scaled);
  return scaled.subarray(0, last);
}

/** Smallest value of a function with one valley between `low` and `high` (golden section). */
function minimise(low: number, high: number, f: (x: number) => number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [from, to] = [low, high];
  for (let step = 0; step < SECTION_STEPS; step += 1) {
    const span = ratio * (to - from);
    if (f(to - span) < f(from + span)) to = from + span;
    else from = to - span;
  }
  return (from + to) / 2;
}

/** The bias at which as many texts are expected to fit nothing as do; 0 when all or none do. */
function balanceReject(texts: readonly ScoredText[], temperature: number): number {
  const outside = texts.filter(({ label }) => label === null).length;
  if (outside === 0 || outside === texts.length) return 0;
  // How far "none of these" is behind the labels.
  const gaps = texts.map(({ logits }) => {
    const labels = logits.subarray(0, -1).map((logit) => logit / temperature);
    return softmaxInPlace(labels) - (logits.at(-1) as number) / temperature;
  });
  let low = Math.min(...gaps) - 20;
  let high = Math.max(...gaps) + 20;
  for (let step = 0; step < BISECTION_STEPS; step += 1) {
    const middle = (low + high) / 2;
    const expected = gaps.reduce((sum, gap) => sum + 1 / (1 + Math.exp(gap - middle)), 0);
    if (expected < outside) low = middle;
    else high = middle;
  }
  return ((low + high) / 2) * temperature;
}

/** How unlikely the right labels are under a scale (negative log likelihood); less is better. */
export function measureLoss(scale: Scale, texts: readonly ScoredText[]): number {
  let loss = 0;
  for (const { logits, label } of texts) {
    const probabilities = toProbabilities(scale, logits);
    const known = probabilities.reduce((sum, probability) => sum + probability, 0);
    const own = label === null ? 1 - known : (probabilities[label] as number);
    loss -= Math.log(Math.max(own, Number.EPSILON));
  }
  // As weak as one text: keeps the temperature finite where all held-out texts are read rightly.
  return loss + Math.log(scale.temperature) ** 2 / 2;
}

/**
 * Fits the scale under which held-out texts are most likely (temperature scaling; Guo et al. 2017).
 *
 * @param texts held out from training; an empty list leaves the logits as they are
 * @param canReject whether the last logit is that of "none of these"; without it texts that fit
 *   nothing say nothing about the scale
 */
export function fitScale(texts: readonly ScoredText[], canReject: boolean): Scale {
  const used = canReject ? texts : texts.filter(({ label }) => label !== null);
  const scaleAt = (logTemperature: number): Scale => {
    const temperature = Math.exp(logTemperature);
    return { temperature, rejectBias: canReject ? balanceReject(used, temperature) : null };
  };
  if (used.length === 0) return scaleAt(0);
  return scaleAt(minimise(Math.log(0.1), Math.log(10), (t) => measureLoss(scaleAt(t), used)));
}

/** Judges logits as the policy will see them. */
export function judge(scale: Scale, { logits, label }: ScoredText): JudgedTurn {
  const probabilities = toProbabilities(scale, logits);
  let [best, second] = [0, 0];
  for (const probability of probabilities) {
    if (probability > best) [best, second] = [probability, best];
    else if (probability > second) second = probability;
  }
  if (label === null) return { probability: best, margin: best - second, rank: null };
  const own = probabilities[label] as number;
  const rank = probabilities.reduce((better, p) => better + (p > own ? 1 : 0), 0);
  return { probability: best, margin: best - second, rank };
}

/** Chance of at most `errors` in `count` trials that each fail with chance `rate`. */
function binomialTail(errors: number, count: number, rate: number): number {
  let log = count * Math.log1p(-rate);
  let sum = Math.exp(log);
  for (let k = 0; k < errors; k += 1) {
    log += Math.log((count - k) / (k + 1)) + Math.log(rate / (1 - rate));
    sum += Math.exp(log);
  }
  return sum;
}

/**
 * Whether a sample shows that the error rate is at most `rate`: its exact upper bound
 * (Clopper and Pearson, one-sided, 95 %) where even a faultless sample could pass that, else the
 * observed rate.
 */
function isAcceptable(errors: number, count: number, rate: number, bounded: boolean): boolean {
  return bounded ? binomialTail(errors, count, rate) <= BOUND_RISK : errors <= rate * count;
}

/** Longest prefix of `turns` (best first) that is acceptable and does not split equal probabilities. */
function longestPrefix(
  turns: readonly JudgedTurn[],
  accept: (errors: number, count: number) => boolean,
): number {
  let errors = 0;
  let longest = 0;
  for (const [index, turn] of turns.entries()) {
    if (turn.rank !== 0) errors += 1;
    if (turns[index + 1]?.probability === turn.probability) continue;
    if (accept(errors, index + 1)) longest = index + 1;
  }
  return longest;
}

/**
 * Prefix of `turns` (best first) in which choices that hold the right label outnumber those that do
 * not by the most: beyond it they would more often mislead than help.
 */
function mostUsefulPrefix(turns: readonly JudgedTurn[]): number {
  let balance = 0;
  let best = { balance: 0, length: 0 };
  for (const [index, turn] of turns.entries()) {
    balance += turn.rank !== null && turn.rank < OFFERED_CHOICES ? 1 : -1;
    if (turns[index + 1]?.probability === turn.probability) continue;
    if (balance > best.balance) best = { balance, length: index + 1 };
  }
  return best.length;
}

/**
 * Chooses when to answer, so that as many turns as possible are answered while at most
 * `statedErrorRate` of the answers are wrong, and when choices are still worth showing.
 *
 * An answer to a text that fits nothing counts as wrong.
 *
 * @param turns held out from training
 * @param statedErrorRate 0..1, exclusive
 */
export function chooseThresholds(
  turns: readonly JudgedTurn[],
  statedErrorRate: number,
): Thresholds {
  const sorted = [...turns].sort((a, b) => b.probability - a.probability);
  const bounded = binomialTail(0, sorted.length, statedErrorRate) <= BOUND_RISK;
  let answered = 0;
  let absolute = NEVER_ANSWER.absolute;
  let margin = NEVER_ANSWER.margin;
  for (const least of MARGINS) {
    const clear = sorted.filter((turn) => turn.margin >= least);
    const length = longestPrefix(clear, (errors, count) =>
      isAcceptable(errors, count, statedErrorRate, bounded),
    );
    if (length <= answered) continue;
    answered = length;
    absolute = clear[length - 1]?.probability ?? absolute;
    margin = least;
  }
  const open = sorted.filter((turn) => turn.probability < absolute || turn.margin < margin);
  const useful = mostUsefulPrefix(open);
  const choose = Math.min(absolute, open[useful - 1]?.probability ?? absolute);
  return { absolute, margin, choose };
}
