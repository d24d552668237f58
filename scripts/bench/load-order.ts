import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadResult, LoadShape } from './run-load.ts';

/** What the load generator shall do. */
export type LoadOrder = {
  readonly origin: string;
  readonly caFile: string;
  readonly visits: number;
  readonly seed: number;
  readonly shape: LoadShape;
};

/** What it saw, and what it cost itself. */
export type LoadReport = LoadResult & { readonly generatorCpuSeconds: number };

/**
 * Has the load generator carry out an order.
 *
 * @param onPhase hears `open` when all visits are open and the load begins, `done` when it has ended
 */
export function orderLoad(
  order: LoadOrder,
  onPhase: (phase: 'open' | 'done') => void,
): Promise<LoadReport> {
  const file = fileURLToPath(new URL('./load-generator.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = fork(file, [JSON.stringify(order)], { execArgv: ['--import', 'tsx'] });
    child.on('message', (message) => {
      if (message === 'open' || message === 'done') onPhase(message);
      else resolve(message as LoadReport);
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`the load generator ended with ${code} before it reported`)),
    );
  });
}
