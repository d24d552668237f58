import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './https-client.ts';

/** A step did not hold; the message says what was seen. */
export class StepFailed extends Error {}

/** Demands that something holds. @throws StepFailed */
export function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new StepFailed(otherwise);
}

/** The body of an answer whose status is 2xx. @throws StepFailed */
export function bodyOf<T>(answer: Answer): T {
  const isGood = answer.status >= 200 && answer.status < 300;
  demand(isGood, `status ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body as T;
}

/** Looks again until something holds. @throws StepFailed with the last look when the time is up */
export async function until<T>(
  limitMs: number,
  look: () => Promise<T | null> | T | null,
  what: string,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    demand(performance.now() < end, `${what}: not within ${limitMs} ms`);
    await sleep(20);
  }
}
