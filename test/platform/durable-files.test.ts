import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createFileRoot, type FileRoot, replaceFile } from '../../src/platform/durable-files.ts';

async function withRoot(use: (files: FileRoot, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-files-'));
  try {
    await use(createFileRoot(folder), folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function errorOf(promise: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  return await promise.then(
    () => new Error('it worked'),
    (error: Error) => error,
  );
}

test('writes at a position, reads, truncates and tells the size', async () => {
  await withRoot(async (files, folder) => {
    const file = await files.open('a', 'create');
    await file.write(Buffer.from('hello world'), 0);
    await file.write(Buffer.from('W'), 6);
    await file.sync();
    assert.is((await file.read(6, 100)).toString(), 'World');
    await file.truncate(5);
    assert.is(await file.size(), 5);
    await file.close();
    assert.is((await files.readAll('a'))?.toString(), 'hello');
    assert.is((await stat(join(folder, 'a'))).mode & 0o777, 0o600);
    const emptied = await files.open('a', 'create');
    assert.is(await emptied.size(), 0);
    await emptied.close();
  });
});

test('what is not there: no list, no content, no error on removal, an error on opening', async () => {
  await withRoot(async (files) => {
    assert.equal(await files.folder('none').list(), []);
    assert.is(await files.readAll('none'), null);
    await files.remove('none');
    for (const use of ['read', 'change'] as const) {
      assert.is((await errorOf(files.open('none', use))).code, 'ENOENT');
    }
  });
});

test('makes private sub-folders, and lists files only', async () => {
  await withRoot(async (files, folder) => {
    const deep = files.folder('one').folder('two');
    await deep.make();
    await deep.make();
    await replaceFile(deep, 'x', Buffer.from('1'));
    assert.equal(await deep.list(), ['x']);
    assert.equal(await files.list(), []);
    assert.is((await stat(join(folder, 'one', 'two'))).mode & 0o777, 0o700);
  });
});

test('replaces a file and keeps the one before when asked', async () => {
  await withRoot(async (files) => {
    await replaceFile(files, 'x', Buffer.from('1'), 'x.previous');
    assert.is(await files.readAll('x.previous'), null);
    await replaceFile(files, 'x', Buffer.from('2'), 'x.previous');
    assert.is((await files.readAll('x'))?.toString(), '2');
    assert.is((await files.readAll('x.previous'))?.toString(), '1');
    assert.equal([...(await files.list())].sort(), ['x', 'x.previous']);
  });
});

test('lets one in at a time, and the next after the lock was given back', async () => {
  await withRoot(async (files) => {
    const unlock = await files.lock('lock');
    const refused = await errorOf(files.lock('lock'));
    assert.is(refused.code, 'VAULT_LOCKED');
    assert.match(refused.message, String(process.pid));
    await unlock();
    await (await files.lock('lock'))();
    assert.equal(await files.list(), []);
  });
});

test('takes over the lock of a dead process, of another boot, of a reused number, or a broken one', async () => {
  await withRoot(async (files, folder) => {
    const path = join(folder, 'lock');
    const unlock = await files.lock('lock');
    const own = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await unlock();
    const stale = [
      JSON.stringify({ ...own, pid: 2 ** 22 + 1 }),
      JSON.stringify({ ...own, boot: 'another' }),
      JSON.stringify({ ...own, started: '1' }),
      '',
      '123',
    ];
    for (const content of stale) {
      await writeFile(path, content);
      const release = await files.lock('lock');
      assert.equal(await files.list(), ['lock']);
      await release();
    }
  });
});

test.run();
