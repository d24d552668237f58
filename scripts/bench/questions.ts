import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom, shuffle } from './seeded-random.ts';

/** Files of a pack whose questions customers could ask; none of them was trained on. */
const HELD_OUT = /^(?:calibration|test)\.(?:zh|en)\.tsv$/;

/** Reads the packs' held-out questions, Chinese and English mixed, in a seeded order. */
export async function loadQuestions(root: string, seed: number): Promise<string[]> {
  const folder = join(root, 'models', 'packs');
  const packs = (await readdir(folder)).sort();
  const files = await Promise.all(packs.map((pack) => readHeldOut(join(folder, pack))));
  const questions = shuffle([...new Set(files.flat())], createRandom(seed));
  if (questions.length === 0)
    throw new Error(`no held-out questions in ${folder}: restore models/`);
  return questions;
}

async function readHeldOut(pack: string): Promise<string[]> {
  const names = (await readdir(pack)).filter((name) => HELD_OUT.test(name)).sort();
  const sources = await Promise.all(names.map((name) => readFile(join(pack, name), 'utf8')));
  return sources
    .flatMap((source) => source.split('\n'))
    .flatMap((line) => line.split('\t')[0]?.trim() || []);
}
