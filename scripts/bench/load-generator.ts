// The load generator: a process of its own, so that what it costs is neither the server's nor hidden.
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/platform/system-clock.ts';
import type { LoadOrder, LoadReport } from './load-order.ts';
import { loadQuestions } from './questions.ts';
import { runLoad } from './run-load.ts';
import { VisitClient } from './visit-client.ts';

/** Visits that are opened or ended at a time. */
const IN_PARALLEL = 16;

async function inParallel<T>(things: readonly T[], act: (thing: T) => Promise<void>) {
  const rest = [...things];
  const work = async (): Promise<void> => {
    for (let thing = rest.shift(); thing !== undefined; thing = rest.shift()) await act(thing);
  };
  await Promise.all(Array.from({ length: IN_PARALLEL }, work));
}

async function generate(order: LoadOrder): Promise<LoadReport> {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const texts = await loadQuestions(root, order.seed);
  const ca = await readFile(order.caFile, 'utf8');
  const visits = Array.from({ length: order.visits }, () => new VisitClient(order.origin, ca));
  await inParallel(visits, (visit) => visit.open());
  process.send?.('open');
  const before = process.cpuUsage();
  const result = await runLoad(order.shape, visits, texts, systemClock);
  const { user, system } = process.cpuUsage(before);
  process.send?.('done');
  await inParallel(visits, (visit) => visit.end());
  return { ...result, generatorCpuSeconds: (user + system) / 1e6 };
}

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder;
const report = await generate(order);
process.send?.(report);
process.disconnect?.();
