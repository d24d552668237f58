import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Which code the server runs: the build, or the sources when there is no build as new as they are. */
export type ProgramCode = {
  readonly kind: 'dist' | 'src';
  readonly main: string;
  /** Flags of node. */
  readonly nodeArgs: readonly string[];
  readonly why: string;
};

/** Chooses the build when no source is newer. */
export async function chooseCode(root: string): Promise<ProgramCode> {
  const built = join(root, 'dist', 'main.js');
  const builtAt = await modifiedAt(built);
  const newest = await newestSource(join(root, 'src'));
  if (builtAt !== null && newest.at <= builtAt)
    return { kind: 'dist', main: built, nodeArgs: [], why: 'the build is up to date' };
  const why = builtAt === null ? 'there is no build' : `${newest.name} is newer than the build`;
  const main = join(root, 'src', 'main.ts');
  return { kind: 'src', main, nodeArgs: ['--import', 'tsx'], why };
}

async function newestSource(folder: string): Promise<{ name: string; at: number }> {
  const names = (await readdir(folder, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('pages/'),
  );
  const times = await Promise.all(names.map((name) => modifiedAt(join(folder, name))));
  return names
    .map((name, index) => ({ name: `src/${name}`, at: times[index] ?? 0 }))
    .reduce((newest, one) => (one.at > newest.at ? one : newest), { name: '', at: 0 });
}

async function modifiedAt(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found?.mtimeMs ?? null;
}
