/** Share of texts whose label was found, 0..1. */
export function accuracy(expected: readonly string[], found: readonly string[]): number {
  const right = expected.filter((label, at) => label === found[at]).length;
  return expected.length === 0 ? 0 : right / expected.length;
}

/** Mean F1 of the labels that occur in `expected`, 0..1. */
export function macroF1(expected: readonly string[], found: readonly string[]): number {
  const counts = new Map<string, { right: number; expected: number; found: number }>();
  const countOf = (label: string) => {
    const count = counts.get(label) ?? { right: 0, expected: 0, found: 0 };
    counts.set(label, count);
    return count;
  };
  for (const [at, label] of expected.entries()) {
    const answer = found[at] ?? '';
    countOf(label).expected += 1;
    countOf(answer).found += 1;
    if (answer === label) countOf(label).right += 1;
  }
  const asked = [...counts.values()].filter((count) => count.expected > 0);
  const sum = asked.reduce((f, c) => f + (2 * c.right) / (c.expected + c.found), 0);
  return asked.length === 0 ? 0 : sum / asked.length;
}

/** Ranks from 1; equal values share the mean of their ranks. */
function rank(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to] as number] === values[order[from] as number])
      to += 1;
    for (const index of order.slice(from, to)) ranks[index] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/** Chance that a random inside value is above a random outside value (area under the ROC), 0..1. */
export function auroc(inside: readonly number[], outside: readonly number[]): number {
  const ranks = rank([...inside, ...outside]).slice(0, inside.length);
  const sum = ranks.reduce((total, value) => total + value, 0);
  const lowest = (inside.length * (inside.length + 1)) / 2;
  return (sum - lowest) / (inside.length * outside.length);
}

/** Rank correlation, −1..1; 0 when either side does not vary. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [rank(a), rank(b)];
  const mean = (a.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (const [at, value] of x.entries()) {
    const dx = value - mean;
    const dy = (y[at] as number) - mean;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
