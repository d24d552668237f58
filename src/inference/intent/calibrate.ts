import type { Thresholds } from '../../domain/ports.ts';
import { softmaxInPlace } from './train-intent-head.ts';

/** Chance that the bound on the error rate does not hold. */
const BOUND_RISK = 0.05;
/** Least margins that are tried. */
const MARGINS = [0, 0.05, 0.1, 0.2, 0.3, 0.5];
/** How many choices a reply offers, and the least share of them that should hold the right one. */
const OFFERED_CHOICES = 3;
const USEFUL_CHOICES = 0.5;
const SEARCH_STEPS = 30;

/** Above any probability, also one that rounding has made 1. */
const UNREACHABLE = 1.01;

/** Answers nothing: what a box must do that has no evidence. */
export const NEVER_ANSWER: Thresholds = {
  absolute: UNREACHABLE,
  margin: 1,
  choose: UNREACHABLE,
};

/** How logits become probabilities: divided by `temperature`, beside a class for "none of these". */
export type Scale = {
  readonly temperature: number;
  /** Logit of "none of these"; null when no such text was seen. */
  readonly rejectLogit: number | null;
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

/** Probabilities of the labels; they sum to 1 minus that of "none of these". */
export function toProbabilities(scale: Scale, logits: Float32Array): Float32Array {
  const scaled = logits.map((logit) => logit / scale.temperature);
  const total = softmaxInPlace(scaled);
  if (scale.rejectLogit === null) return scaled;
  const known = 1 / (1 + Math.exp(scale.rejectLogit - total));
  return scaled.map((probability) => probability * known);
}

/** Smallest value of a function with one valley between `low` and `high` (golden section). */
function minimise(low: number, high: number, f: (x: number) => number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [from, to] = [low, high];
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const span = ratio * (to - from);
    if (f(to - span) < f(from + span)) to = from + span;
    else from = to - span;
  }
  return (from + to) / 2;
}

/** The reject logit at which as many texts are expected to fit nothing as do. */
function balanceReject(totals: readonly number[], outside: number): number | null {
  if (outside === 0) return null;
  let low = Math.min(...totals) - 20;
  let high = Math.max(...totals) + 20;
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const middle = (low + high) / 2;
    const expected = totals.reduce((sum, total) => sum + 1 / (1 + Math.exp(total - middle)), 0);
    if (expected < outside) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function scaleAt(
  temperature: number,
  texts: readonly ScoredText[],
): { scale: Scale; loss: number } {
  const totals = texts.map(({ logits }) => softmaxInPlace(logits.map((z) => z / temperature)));
  const outside = texts.filter(({ label }) => label === null).length;
  const rejectLogit = balanceReject(totals, outside);
  let loss = 0;
  for (const [index, { logits, label }] of texts.entries()) {
    const total = totals[index] as number;
    const excess = rejectLogit === null ? 0 : Math.log1p(Math.exp(rejectLogit - total));
    const own = label === null ? (rejectLogit as number) : (logits[label] as number) / temperature;
    loss += total + excess - own;
  }
  // As weak as one text: keeps the temperature finite where all held-out texts are read rightly.
  loss += Math.log(temperature) ** 2 / 2;
  return { scale: { temperature, rejectLogit }, loss };
}

/**
 * Fits the scale under which held-out texts are most likely (temperature scaling; Guo et al. 2017).
 *
 * @param texts held out from training; an empty list leaves the logits as they are
 */
export function fitScale(texts: readonly ScoredText[]): Scale {
  if (texts.length === 0) return { temperature: 1, rejectLogit: null };
  const best = minimise(Math.log(0.1), Math.log(10), (t) => scaleAt(Math.exp(t), texts).loss);
  return scaleAt(Math.exp(best), texts).scale;
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
  isGood: (turn: JudgedTurn) => boolean,
  accept: (errors: number, count: number) => boolean,
): number {
  let errors = 0;
  let longest = 0;
  for (const [index, turn] of turns.entries()) {
    if (!isGood(turn)) errors += 1;
    if (turns[index + 1]?.probability === turn.probability) continue;
    if (accept(errors, index + 1)) longest = index + 1;
  }
  return longest;
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
    const length = longestPrefix(
      clear,
      (turn) => turn.rank === 0,
      (errors, count) => isAcceptable(errors, count, statedErrorRate, bounded),
    );
    if (length <= answered) continue;
    answered = length;
    absolute = clear[length - 1]?.probability ?? absolute;
    margin = least;
  }
  const open = sorted.filter((turn) => turn.probability < absolute || turn.margin < margin);
  const useful = longestPrefix(
    open,
    (turn) => turn.rank !== null && turn.rank < OFFERED_CHOICES,
    (misses, count) => misses <= (1 - USEFUL_CHOICES) * count,
  );
  const choose = Math.min(absolute, open[useful - 1]?.probability ?? absolute);
  return { absolute, margin, choose };
}
