import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../domain/ports.ts';

const LOOK_EVERY_MS = 250;

/**
 * Lets one process at a time train what several want: a box and a headquarters on one machine would
 * otherwise take the cores from each other and both be late.
 *
 * @param folder the models' folder, shared by the processes
 * @param wait rejects with the signal's reason when it aborts
 * @param find looks whether another one has finished it meanwhile
 */
export async function inTrainingTurn<T>(
  folder: string,
  key: string,
  wait: { readonly clock: Pick<Clock, 'sleep'>; readonly signal: AbortSignal },
  find: () => Promise<T | null>,
  train: () => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true });
  const mark = join(folder, `${key}.training`);
  while (!(await take(mark))) {
    await wait.clock.sleep(LOOK_EVERY_MS, wait.signal);
    const found = await find();
    if (found !== null) return found;
  }
  try {
    return (await find()) ?? (await train());
  } finally {
    await rm(mark, { force: true });
  }
}

async function take(mark: string): Promise<boolean> {
  // Linked into place with its holder in it: a crash never leaves a mark that names nobody.
  const own = `${mark}-${process.pid}-${randomUUID()}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, mark);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = Number(await readFile(mark, 'utf8').catch(() => process.pid));
    if (!isAlive(holder)) await rm(mark, { force: true });
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
