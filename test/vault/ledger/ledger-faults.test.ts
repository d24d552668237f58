import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diskError, MemoryFiles } from '../memory-files.ts';
import { codeOf, note, readAll, readTexts, startNotes } from '../vault-world.ts';

for (const [errno, code] of [
  ['EIO', 'VAULT_READ_ONLY'],
  ['ENOSPC', 'VAULT_DISK_FULL'],
] as const) {
  for (const broken of ['sync', 'write']) {
    test(`${errno} on ${broken}: read-only, then goes on in a new segment with contiguous sequences`, async () => {
      const files = new MemoryFiles();
      const { ledger, clock, vault } = await startNotes(files);
      await ledger.commit([note('a')]);
      const abandoned = 'ledger/segment-000000000001.zgl';
      const touched: string[] = [];
      files.disk.fault = (operation, path) => {
        if (operation === 'write' || operation === 'sync') touched.push(path);
        return operation === broken ? diskError(errno) : null;
      };
      const refused = [ledger.commit([note('lost 1'), note('lost 2')]), ledger.commit([note('x')])];
      assert.equal(await Promise.all(refused.map(codeOf)), [code, code]);
      assert.ok(ledger.stat().readOnly);
      assert.is(await codeOf(ledger.commit([note('too early')])), code);
      assert.is(await ledger.probe(), false);
      await clock.advance(1_000);
      assert.is(await codeOf(ledger.commit([note('still broken')])), code);
      touched.length = 0;
      files.disk.fault = (operation, path) => {
        if (operation === 'write' || operation === 'sync') touched.push(path);
        return null;
      };
      await clock.advance(999);
      assert.is(await codeOf(ledger.commit([note('still too early')])), code);
      await clock.advance(1);
      const [event] = await ledger.commit([note('b')]);
      assert.equal([event?.sequence, event?.laneSequence], [2, 2]);
      assert.not.ok(ledger.stat().readOnly);
      assert.not.ok(touched.includes(abandoned), 'the failed file was written to again');
      assert.equal(await readTexts(vault), ['a', 'b']);
      await vault.stop();
      const again = await startNotes(files.afterPowerCut(true));
      assert.equal(await readTexts(again.vault), ['a', 'b']);
      assert.equal(again.vault.report().recovery.problems, []);
      assert.is((await again.ledger.commit([note('c')]))[0]?.sequence, 3);
    });
  }
}

test('probe makes the ledger writable again without a commit', async () => {
  const files = new MemoryFiles();
  const { ledger, clock } = await startNotes(files);
  files.disk.fault = () => diskError('ENOSPC');
  assert.is(await codeOf(ledger.commit([note('a')])), 'VAULT_DISK_FULL');
  files.disk.fault = () => null;
  await clock.advance(1_000);
  assert.is(await ledger.probe(), true);
  assert.not.ok(ledger.stat().readOnly);
  assert.is((await ledger.commit([note('a')]))[0]?.sequence, 1);
});

test('a group whose sync failed may be found after a crash, but only whole and only at the end', async () => {
  const files = new MemoryFiles();
  const { ledger } = await startNotes(files);
  await ledger.commit([note('a')]);
  files.disk.fault = (operation) => (operation === 'sync' ? diskError('EIO') : null);
  assert.is(await codeOf(ledger.commit([note('b'), note('c')])), 'VAULT_READ_ONLY');
  const lucky = await startNotes(files.afterPowerCut(true));
  assert.equal(await readTexts(lucky.vault), ['a', 'b', 'c']);
  assert.is((await lucky.ledger.commit([note('d')]))[0]?.sequence, 4);
  const unlucky = await startNotes(files.afterPowerCut(false));
  assert.equal(await readTexts(unlucky.vault), ['a']);
  assert.is((await unlucky.ledger.commit([note('d')]))[0]?.sequence, 2);
});

test('a full disk does not keep the box from starting', async () => {
  const files = new MemoryFiles();
  const { ledger } = await startNotes(files);
  await ledger.commit([note('a')]);
  const disk = files.afterPowerCut();
  disk.disk.fault = (operation) => (operation === 'write' ? diskError('ENOSPC') : null);
  const again = await startNotes(disk);
  assert.equal(await readTexts(again.vault), ['a']);
  assert.is(await codeOf(again.ledger.commit([note('b')])), 'VAULT_DISK_FULL');
});

test('after a power cut at any operation everything acknowledged is there, once and in order', async () => {
  const limits = { segmentBytes: 1_500 };
  for (let cut = 0; cut < 55; cut++) {
    const files = new MemoryFiles();
    const { ledger, vault } = await startNotes(files, { limits });
    files.cutPowerAfter(cut);
    const acknowledged: string[] = [];
    for (let i = 1; i <= 12; i++) {
      const commits = [`${i}a`, `${i}b`].map(async (text) => {
        await ledger.commit([note(text), note(`${text}+`)]);
        acknowledged.push(text, `${text}+`);
      });
      await Promise.allSettled(commits);
    }
    await vault.stop().catch(() => undefined);
    for (const keepWrites of [false, true]) {
      const again = await startNotes(files.afterPowerCut(keepWrites), { limits });
      const events = await readAll(again.vault);
      const texts = events.map(({ data }) => data.text);
      assert.equal(texts.slice(0, acknowledged.length), acknowledged, `cut after ${cut}`);
      assert.ok(texts.length - acknowledged.length <= 4 && texts.length % 2 === 0);
      assert.equal(
        events.map(({ sequence }) => sequence),
        texts.map((_, i) => i + 1),
      );
      const serious = again.vault.report().recovery.problems.filter(({ from }) => from !== null);
      assert.equal(serious, []);
    }
  }
});

test.run();
