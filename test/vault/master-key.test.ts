import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadMasterKey, type MasterKeySource } from '../../src/vault/master-key.ts';
import { MemoryFiles } from './memory-files.ts';
import { codeOf } from './vault-world.ts';

const HEX = '0f'.repeat(32);

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-key-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const given = (value: string): MasterKeySource => ({ from: 'value', value });

test('takes a key in hexadecimal or base64, the same one', async () => {
  const files = new MemoryFiles();
  const { key, warning } = await loadMasterKey(files, given(HEX));
  assert.is(key.toString('hex'), HEX);
  assert.is(warning, null);
  const again = await loadMasterKey(files, given(` ${key.toString('base64')}\n`));
  assert.equal(again.key, key);
});

test('refuses a key that is none, and one that does not fit', async () => {
  const files = new MemoryFiles();
  for (const value of ['', 'short', `${HEX}00`, '！'.repeat(44)]) {
    assert.is(await codeOf(loadMasterKey(files, given(value))), 'VAULT_KEY_UNREADABLE');
  }
  await loadMasterKey(files, given(HEX));
  assert.is(await codeOf(loadMasterKey(files, given('aa'.repeat(32)))), 'VAULT_KEY_WRONG');
});

test('a passphrase gives the same key every time, another one is wrong', async () => {
  const files = new MemoryFiles();
  const from = 'passphrase';
  const one = await loadMasterKey(files, { from, passphrase: '一句很长的口令 123' });
  const two = await loadMasterKey(files, { from, passphrase: '一句很长的口令 123' });
  assert.equal(one.key, two.key);
  assert.is(await codeOf(loadMasterKey(files, { from, passphrase: 'other' })), 'VAULT_KEY_WRONG');
  assert.is(await codeOf(loadMasterKey(files, { from, passphrase: '' })), 'VAULT_KEY_UNREADABLE');
  const elsewhere = await loadMasterKey(new MemoryFiles(), {
    from,
    passphrase: '一句很长的口令 123',
  });
  assert.not.equal(elsewhere.key, one.key);
});

test('makes a key file once, private and with a warning, and never beside existing data', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'deep', 'master.key');
    const files = new MemoryFiles();
    const source = { from: 'file', path, createIfMissing: true } as const;
    const made = await loadMasterKey(files, source);
    assert.match(made.warning ?? '', path);
    assert.is((await stat(path)).mode & 0o777, 0o600);
    const read = await loadMasterKey(files, source);
    assert.equal([read.key, read.warning], [made.key, null]);
    assert.not.match(made.warning ?? '', (await readFile(path, 'utf8')).trim());
    await rm(path);
    assert.is(await codeOf(loadMasterKey(files, source)), 'VAULT_KEY_UNREADABLE');
    const strict = { ...source, createIfMissing: false };
    assert.is(await codeOf(loadMasterKey(new MemoryFiles(), strict)), 'VAULT_KEY_UNREADABLE');
  });
});

test('refuses a key file that others may read', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'master.key');
    await writeFile(path, HEX, { mode: 0o600 });
    const source = { from: 'file', path, createIfMissing: false } as const;
    await loadMasterKey(new MemoryFiles(), source);
    for (const mode of [0o640, 0o604, 0o660]) {
      await chmod(path, mode);
      assert.is(await codeOf(loadMasterKey(new MemoryFiles(), source)), 'VAULT_KEY_UNREADABLE');
    }
  });
});

test('a check value that is damaged, or gone beside a ledger, stops the start', async () => {
  const files = new MemoryFiles();
  await loadMasterKey(files, given(HEX));
  files.put('master-key.json', Buffer.from('{"version":1'));
  assert.is(await codeOf(loadMasterKey(files, given(HEX))), 'VAULT_KEY_UNREADABLE');
  const gone = new MemoryFiles();
  gone.put('ledger/segment-000000000001.zgl', Buffer.alloc(10));
  assert.is(await codeOf(loadMasterKey(gone, given(HEX))), 'VAULT_KEY_UNREADABLE');
});

test.run();
