import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inTrainingTurn } from '../../../src/inference/intent/training-turn.ts';
import { settle } from '../../support/manual-clock.ts';

const quick = { clock: { sleep: () => settle() }, signal: new AbortController().signal };

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-turn-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const test = suite('training turn');

test('trains once for all who ask at the same time', () =>
  inFolder(async (folder) => {
    let made: string | null = null;
    let trainings = 0;
    const ask = () =>
      inTrainingTurn(
        folder,
        'key',
        quick,
        async () => made,
        async () => {
          trainings += 1;
          for (let n = 0; n < 20; n += 1) await settle();
          made = 'model';
          return made;
        },
      );
    assert.equal(await Promise.all([ask(), ask(), ask()]), ['model', 'model', 'model']);
    assert.is(trainings, 1);
    assert.equal(await readdir(folder), []);
  }));

test('goes on when the one before was killed or failed', () =>
  inFolder(async (folder) => {
    // No process has this number: it is above the kernel's highest.
    await writeFile(join(folder, 'key.training'), '4194305');
    const fail = inTrainingTurn(
      folder,
      'key',
      quick,
      async () => null,
      () => Promise.reject(new Error('no memory')),
    );
    await fail.then(
      () => assert.unreachable(),
      (error) => assert.is(error.message, 'no memory'),
    );
    const next = inTrainingTurn(
      folder,
      'key',
      quick,
      async () => null,
      async () => 'model',
    );
    assert.is(await next, 'model');
  }));

test.run();
