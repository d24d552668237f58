import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StorageError } from '../domain/errors.ts';

/** Names one run of one process: the number alone comes back after a restart of machine or container. */
const Holder = z.object({ pid: z.int().positive(), boot: z.string(), started: z.string() });
type Holder = z.infer<typeof Holder>;

/**
 * Takes a folder for this process by a lock file; a lock left by a dead process is taken over.
 *
 * @returns the way to give it back
 * @throws StorageError VAULT_LOCKED while another living process holds it
 */
export async function lockFolder(folder: string, name: string): Promise<() => Promise<void>> {
  const path = join(folder, name);
  const own = JSON.stringify(await describeProcess(process.pid));
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found !== null) await removeStale(path, found);
  await placeLock(path, own);
  return async () => {
    if ((await readFile(path, 'utf8').catch(() => null)) === own) await rm(path, { force: true });
  };
}

async function placeLock(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    // link is atomic and fails when the name is taken: nobody ever sees a half-written lock.
    await link(draft, path);
  } catch (cause) {
    throw locked(path, 'another process took it just now', cause);
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeStale(path: string, found: string): Promise<void> {
  const holder = parseHolder(found);
  if (holder !== null && (await isAlive(holder))) {
    throw locked(path, `process ${holder.pid} holds it`);
  }
  const aside = `${path}.stale-${process.pid}`;
  await rename(path, aside).catch((cause: unknown) => {
    throw locked(path, 'another process takes it over just now', cause);
  });
  if ((await readFile(aside, 'utf8')) !== found) {
    // Between reading and moving, another process had taken the stale lock over: give it back.
    await rename(aside, path);
    throw locked(path, 'another process took it over just now');
  }
  await rm(aside, { force: true });
}

function parseHolder(text: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  const now = await describeProcess(holder.pid);
  return now.boot === holder.boot && now.started !== '' && now.started === holder.started;
}

/** `started` is empty when there is no such process. */
async function describeProcess(pid: number): Promise<Holder> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may hold blanks; the start time is the 20th field after it (proc(5)).
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return { pid, boot: boot.trim(), started: stat === '' ? startedElsewhere(pid) : started };
}

/** Where there is no /proc, a living process is all that can be told. */
function startedElsewhere(pid: number): string {
  if (process.platform === 'linux') return '';
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch {
    return '';
  }
}

function locked(path: string, why: string, cause?: unknown): StorageError {
  return new StorageError('VAULT_LOCKED', {
    detail: `The lock ${path} cannot be taken: ${why}. Stop that process first.`,
    cause,
  });
}
