import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../domain/errors.ts';
import type { Form, Intent, Pack } from '../domain/pack.ts';
import { checkPacks } from './check-packs.ts';
import { IntentFile, PackFile } from './pack-schema.ts';
import { type FileProblem, formatProblem, readYaml } from './read-yaml.ts';

/** A question with the intent that it means; null when it is out of scope. */
export type LabelledText = { readonly text: string; readonly intent: string | null };

/** The active packs with what the models are fitted on. */
export type LoadedPacks = {
  readonly packs: readonly Pack[];
  /** Every utterance of every active pack. */
  readonly training: readonly { readonly text: string; readonly intent: string }[];
  /** Held-out questions written by another hand, out-of-scope ones included. */
  readonly calibration: readonly LabelledText[];
};

/**
 * Reads packs from `root/<id>/`.
 *
 * @param ids packs to activate; the `common` pack is always with them
 * @throws ConfigError PACK_INVALID with every problem of every file
 */
export async function loadPacks(root: string, ids: readonly string[]): Promise<LoadedPacks> {
  const active = [...new Set(['common', ...ids])];
  const loaded = await Promise.all(active.map((id) => loadPack(root, id)));
  const problems = loaded.flatMap((one) => one.problems);
  const packs = loaded.flatMap((one) => (one.pack ? [one.pack] : []));
  if (problems.length === 0) problems.push(...checkPacks(packs));
  if (problems.length > 0) {
    throw new ConfigError('PACK_INVALID', {
      detail: `${problems.length} problem(s) in packs:\n${problems.map(formatProblem).join('\n')}`,
    });
  }
  const known = new Set(packs.flatMap((pack) => pack.intents.map((intent) => intent.id)));
  const calibration = await Promise.all(active.map((id) => readCalibration(join(root, id), known)));
  return {
    packs,
    training: packs.flatMap((pack) =>
      pack.intents.flatMap((intent) =>
        [...intent.utterances.zh, ...intent.utterances.en].map((text) => ({
          text,
          intent: intent.id,
        })),
      ),
    ),
    calibration: calibration.flat(),
  };
}

async function loadPack(
  root: string,
  id: string,
): Promise<{ pack: Pack | null; problems: FileProblem[] }> {
  const folder = join(root, id);
  const meta = await readYaml(join(folder, 'pack.yaml'), PackFile);
  const names = (await readdir(join(folder, 'intents'))).filter((name) => name.endsWith('.yaml'));
  const files = await Promise.all(
    names.sort().map(async (name) => {
      const file = join(folder, 'intents', name);
      return { file, name, read: await readYaml(file, IntentFile) };
    }),
  );
  const problems: FileProblem[] = 'problems' in meta ? [...meta.problems] : [];
  const intents: Intent[] = [];
  for (const { file, name, read } of files) {
    if ('problems' in read) problems.push(...read.problems);
    else if (`${read.value.id}.yaml` !== name)
      problems.push({ file, line: 1, message: `id is ${read.value.id}: name the file after it` });
    else
      intents.push({
        ...read.value,
        id: `${id}.${read.value.id}`,
        form: read.value.form === null ? null : `${id}.${read.value.form}`,
      });
  }
  if ('problems' in meta) return { pack: null, problems };
  const forms: Form[] = Object.entries(meta.value.forms).map(([name, form]) => ({
    id: `${id}.${name}`,
    ...form,
  }));
  const facts = Object.entries(meta.value.facts).map(([name, fact]) => ({ name, ...fact }));
  return { pack: { ...meta.value, facts, forms, intents }, problems };
}

/** Reads `calibration.<language>.tsv` and `out-of-scope.<language>.tsv` where a pack has them. */
async function readCalibration(
  folder: string,
  known: ReadonlySet<string>,
): Promise<LabelledText[]> {
  const names = (await readdir(folder)).filter((name) =>
    /^(calibration|out-of-scope)\.\w+\.tsv$/.test(name),
  );
  const files = await Promise.all(
    names
      .sort()
      .map(async (name) => ({ name, source: await readFile(join(folder, name), 'utf8') })),
  );
  return files.flatMap(({ name, source }) =>
    source.split('\n').flatMap((line, index): LabelledText[] => {
      if (line.trim() === '') return [];
      const [text = '', label = ''] = line.split('\t');
      if (label === 'oos') return [{ text, intent: null }];
      if (known.has(label)) return [{ text, intent: label }];
      throw new ConfigError('PACK_INVALID', {
        detail: `${join(folder, name)}:${index + 1}: no active intent is called "${label}"`,
      });
    }),
  );
}
