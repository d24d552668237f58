import type { Clock } from './ports.ts';

/**
 * Does something again and again until `signal` aborts, pausing `ms` before each time.
 *
 * @param onFailure hears what `work` threw; the next time comes all the same
 */
export async function repeatEvery(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  signal: AbortSignal,
  work: () => Promise<void> | void,
  onFailure: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await clock.sleep(ms, signal);
      await work();
    } catch (error) {
      if (!signal.aborted) onFailure(error);
    }
  }
}
