const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/**
 * Computes how long to wait before the next attempt: exponential with full jitter, so that a fleet
 * that lost headquarters together does not come back together.
 *
 * @param failures failed attempts in a row, from 1
 * @param random 0..1
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelayMs(failures: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
}
