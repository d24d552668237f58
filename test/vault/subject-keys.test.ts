import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diskError, MemoryFiles } from './memory-files.ts';
import { codeOf, note, readAll, startNotes } from './vault-world.ts';

const phone = { phone: '13800138000', name: '王小明' };
const visit = (subject: string, personal = phone) => ({ ...note('ticket'), subject, personal });

test('personal fields are committed and read as ciphertext, and opened with the key of their subject', async () => {
  const files = new MemoryFiles();
  const one = await startNotes(files);
  const heard: unknown[] = [];
  one.ledger.subscribe(({ personal }) => heard.push(personal));
  const [event] = await one.ledger.commit([visit('visit-1')]);
  assert.equal(Object.keys(event?.personal ?? {}), ['sealed']);
  assert.equal(heard, [event?.personal]);
  assert.equal(one.vault.personal.readPersonal(event as never), phone);
  await one.vault.stop();
  const two = await startNotes(files.afterPowerCut());
  const [again] = await two.ledger.readLane('normal', 0, 1);
  assert.equal(again, event);
  assert.equal(two.vault.personal.readPersonal(again as never), phone);
});

test('the key is durable before the event is', async () => {
  for (let cut = 0; cut < 40; cut++) {
    const files = new MemoryFiles();
    const one = await startNotes(files);
    files.cutPowerAfter(cut);
    await one.ledger.commit([visit('visit-1'), visit('visit-2')]).catch(() => undefined);
    const two = await startNotes(files.afterPowerCut(true));
    for (const event of await readAll(two.vault)) {
      assert.equal(two.vault.personal.readPersonal(event), phone, `cut after ${cut}`);
    }
  }
});

test('a key that cannot be stored refuses the commit and harms no later one', async () => {
  const files = new MemoryFiles();
  const { ledger } = await startNotes(files);
  files.disk.fault = (_, path) => (path.startsWith('subjects/') ? diskError('ENOSPC') : null);
  assert.is(await codeOf(ledger.commit([visit('visit-1')])), 'VAULT_DISK_FULL');
  files.disk.fault = () => null;
  assert.is((await ledger.commit([visit('visit-1')]))[0]?.sequence, 1);
});

test('a destroyed key is nowhere on disk and its fields cannot be read; others can', async () => {
  const files = new MemoryFiles();
  const one = await startNotes(files);
  // Same first byte of the hash would be the harder case, so there are many of them.
  const subjects = Array.from({ length: 600 }, (_, i) => `visit-${i}`);
  await one.ledger.commit(subjects.map((subject) => visit(subject)));
  await one.vault.personal.destroySubjectKey('visit-7');
  for (const disk of [files, files.afterPowerCut()]) {
    const shards = disk.paths().filter((path) => path.startsWith('subjects/'));
    // The newest copy of each shard is damaged: not even the copy before may bring the key back.
    for (const path of shards.filter((name) => !name.includes('previous'))) {
      if (shards.includes(path.replace('.zgd', '.previous.zgd'))) disk.put(path, Buffer.alloc(3));
    }
    const two = await startNotes(disk);
    const unread = (await readAll(two.vault)).filter(
      (event) => two.vault.personal.readPersonal(event) === null,
    );
    assert.equal(
      unread.map(({ subject }) => subject),
      ['visit-7'],
    );
    await two.vault.stop();
  }
});

test('fields moved to another subject do not open, and an event without any has none', async () => {
  const { ledger, vault } = await startNotes(new MemoryFiles());
  const [one] = await ledger.commit([visit('visit-1'), visit('visit-2')]);
  assert.is(vault.personal.readPersonal({ ...one, subject: 'visit-2' } as never), null);
  const [plain] = await ledger.commit([note('a')]);
  assert.equal(vault.personal.readPersonal(plain as never), {});
});

test.run();
