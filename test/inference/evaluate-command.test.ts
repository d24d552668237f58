import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ApplianceError } from '../../src/domain/errors.ts';
import { runEvaluate } from '../../src/inference/evaluate-command.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { makeTinyEncoder } from './encoder/tiny-encoder.ts';

const test = suite('evaluate-command');
const folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
const encoderFolder = await makeTinyEncoder();

async function table(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `\uFEFF${lines.join('\r\n')}\r\n\r\n`);
  return path;
}

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const edges = { clock: systemClock, encoderFolder };
  const code = await runEvaluate(args, (line) => lines.push(line), edges);
  return { code, text: lines.join('\n') };
}

async function refused(...args: string[]): Promise<string> {
  try {
    await run(...args);
    return 'no error';
  } catch (error) {
    assert.instance(error, ApplianceError);
    return (error as Error).message;
  }
}

const times = (count: number, line: string): string[] => Array<string>(count).fill(line);
const train = await table('train.tsv', [
  ...times(40, 'card card\tKARTE'),
  ...times(40, 'lost lost\t丢失'),
]);
const test1 = await table('test-1.tsv', times(3, 'card\tKARTE'));
const test2 = await table('test-2.tsv', ['lost\t丢失', 'lost card lost lost\tKARTE']);
const oos = await table('oos.tsv', times(4, 'whatever'));

test('prints figures for any labels as a table', async () => {
  const { code, text } = await run('--train', train, '--test', `${test1},${test2}`, '--oos', oos);
  assert.is(code, 0);
  assert.match(text, /^accuracy +0\.8000$/m);
  assert.match(text, /^coverage +\d/m);
  assert.match(text, /^oosAuroc +[01]\.\d{4}$/m);
  assert.not.match(text, 'spearman');
});

test('prints one JSON object with null for what was not asked', async () => {
  const { text } = await run('--train', train, '--test', test1, '--json');
  const { coverage, ...figures } = JSON.parse(text);
  assert.equal(figures, {
    accuracy: 1,
    macroF1: 1,
    oosAuroc: null,
    spearman: null,
    recall1: null,
    recall5: null,
  });
  assert.is(coverage, 1);
});

test('measures pairs and a knowledge base', async () => {
  const pairs = await table('pairs.tsv', [
    'card\tcard\t1',
    'card\tlost\t0',
    'lost\tcard lost\t0.5',
    'lost\tlost\t1',
  ]);
  const kb = await table('kb.tsv', ['card\tk1', 'lost\tk2', 'card lost\tk3']);
  const queries = await table('queries.tsv', ['card card\tk1', 'lost lost lost\tk2', 'lost\tk1']);
  const { text } = await run('--pairs', pairs, '--faq', kb, queries, '--json');
  const figures = JSON.parse(text);
  assert.is(figures.spearman, 1);
  assert.is(figures.recall1, 2 / 3);
  assert.is(figures.recall5, 1);
});

test('names file and line of a line that cannot be read', async () => {
  const bad = await table('bad.tsv', ['card\tKARTE', '', 'no label']);
  assert.match(await refused('--train', bad, '--test', test1), 'bad.tsv:3: 1 of 2 columns');
  const empty = await table('empty.tsv', []);
  assert.match(await refused('--train', empty, '--test', test1), 'empty.tsv holds no line');
  const pairs = await table('bad-pairs.tsv', ['a\tb\tmuch']);
  assert.match(await refused('--pairs', pairs), 'not "much"');
  assert.match(await refused('--pairs', join(folder, 'nowhere.tsv')), 'nowhere.tsv');
});

test('says what is wrong with the arguments', async () => {
  assert.match(await refused(), 'nothing to do');
  assert.match(await refused('--train', train), '--train and --test go together');
  assert.match(await refused('--faq', train), '--faq takes two');
  assert.match(await refused('--oos', oos, '--pairs', oos), '--oos needs');
  assert.match(await refused('--trian', train), '--trian');
  assert.match(await refused('--pairs', oos, '--error-rate', '5'), 'error-rate');
  assert.match(await refused('--pairs', oos, 'a', 'b'), 'unexpected argument "b"');
  assert.match(await refused('--pairs', oos, 'a'), '--faq takes two');
});

test('says so when the encoder does not start', async () => {
  const message = await refused('--train', train, '--test', test1, '--encoder', folder);
  assert.match(message, 'config.json');
});

test('explains itself', async () => {
  const { code, text } = await run('--help');
  assert.is(code, 0);
  for (const flag of ['--train', '--test', '--oos', '--pairs', '--faq', '--error-rate', '--json']) {
    assert.match(text, flag);
  }
});

test.run();
