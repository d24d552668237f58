import type { Part } from '../domain/part.ts';

/**
 * Starts parts in order.
 *
 * When one does not start, those before it are stopped again in reverse.
 *
 * @returns the way to stop them: in reverse, every one of them, whatever happens
 * @throws what the part threw; or, from stopping, one AggregateError of everything that failed
 */
export async function runParts(
  parts: readonly Part[],
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const running: Part[] = [];
  const stop = () => stopAll(running);
  try {
    for (const part of parts) {
      await part.start(signal);
      running.unshift(part);
    }
    return stop;
  } catch (error) {
    await stop().catch((late: unknown) => {
      throw new AggregateError([error, late], 'a part did not start, and others did not stop');
    });
    throw error;
  }
}

async function stopAll(running: Part[]): Promise<void> {
  const failures: unknown[] = [];
  for (const part of running.splice(0))
    await part.stop().catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} part(s) did not stop in order`);
}
