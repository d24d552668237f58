/**
 * Plans when customers arrive who know nothing of each other: a Poisson process.
 *
 * @returns milliseconds after the start, ascending, all below `durationMs`
 */
export function planArrivals(
  ratePerSecond: number,
  durationMs: number,
  random: () => number,
): number[] {
  const arrivals: number[] = [];
  const meanGapMs = 1000 / ratePerSecond;
  // 1 − random() is never 0, whose logarithm would be infinite.
  const gapMs = (): number => -Math.log(1 - random()) * meanGapMs;
  for (let at = gapMs(); at < durationMs; at += gapMs()) arrivals.push(at);
  return arrivals;
}
