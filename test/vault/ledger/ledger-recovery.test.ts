import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CHAIN_START } from '../../../src/vault/ledger/frame.ts';
import { verifyLedger } from '../../../src/vault/ledger/verify-ledger.ts';
import { deriveKey } from '../../../src/vault/sealing.ts';
import { MemoryFiles } from '../memory-files.ts';
import { codeOf, KEY, note, readAll, readTexts, startNotes } from '../vault-world.ts';

const derive = (purpose: string): Buffer => deriveKey(Buffer.from(KEY, 'hex'), purpose);
const FIRST = 'ledger/segment-000000000001.zgl';

/** A ledger after a crash: a, b, c in one segment that nobody closed; only used bytes are left. */
async function crashed(): Promise<{ files: MemoryFiles; bytes: Buffer; end: number[] }> {
  const files = new MemoryFiles();
  const { ledger } = await startNotes(files);
  const end: number[] = [];
  for (const text of ['a', 'b', 'c']) {
    await ledger.commit([note(text)]);
    end.push(ledger.stat().bytes);
  }
  return { files, bytes: Buffer.from(files.bytesOf(FIRST)), end };
}

test('a crash loses nothing that was acknowledged', async () => {
  const { files } = await crashed();
  const { vault, ledger } = await startNotes(files.afterPowerCut());
  assert.is(vault.report().recovery.startedFrom, 'crash');
  assert.is(vault.report().recovery.cutBytes, 0);
  assert.equal(await readTexts(vault), ['a', 'b', 'c']);
  const [event] = await ledger.commit([note('d')]);
  assert.is(event?.sequence, 4);
});

test('a last frame torn at any byte is cut, and the ledger goes on behind the one before', async () => {
  const { files, bytes, end } = await crashed();
  const [, from = 0, to = 0] = end;
  for (let cut = from; cut < to; cut++) {
    const torn = Buffer.from(bytes);
    torn.fill(0, cut);
    const disk = files.afterPowerCut();
    disk.put(FIRST, cut % 2 === 0 ? torn : torn.subarray(0, cut));
    const { vault, ledger } = await startNotes(disk);
    assert.equal(await readTexts(vault), ['a', 'b'], `torn at ${cut}`);
    assert.equal(vault.report().recovery.problems, []);
    assert.is((await ledger.commit([note('next')]))[0]?.sequence, 3);
    await vault.stop();
    const again = await startNotes(disk);
    assert.equal(await readTexts(again.vault), ['a', 'b', 'next']);
    assert.equal(again.vault.report().recovery.problems, []);
  }
});

test('a commit of several events that share no frame is kept wholly or not at all', async () => {
  const files = new MemoryFiles();
  const { ledger } = await startNotes(files);
  await ledger.commit([note('a')]);
  const large = 'x'.repeat(20_000);
  await ledger.commit([note(`1${large}`), note(`2${large}`), note(`3${large}`)]);
  const end = ledger.stat().bytes;
  const disk = files.afterPowerCut();
  const bytes = Buffer.from(disk.bytesOf(FIRST));
  bytes.fill(0, end - 10);
  disk.put(FIRST, bytes);
  assert.equal(await readTexts((await startNotes(disk)).vault), ['a']);
});

test('of a torn group whose later part reached the disk nothing is kept', async () => {
  const files = new MemoryFiles();
  const { ledger } = await startNotes(files);
  await ledger.commit([note('a')]);
  const from = ledger.stat().bytes;
  const large = 'y'.repeat(20_000);
  await Promise.all([ledger.commit([note(large)]), ledger.commit([note('z')])]);
  const disk = files.afterPowerCut();
  const bytes = Buffer.from(disk.bytesOf(FIRST));
  bytes.fill(0, from + 100, from + 600);
  disk.put(FIRST, bytes);
  const { vault } = await startNotes(disk);
  assert.equal(await readTexts(vault), ['a']);
  assert.equal(vault.report().recovery.problems, []);
  assert.ok(vault.report().recovery.cutBytes > 0);
});

test('every flipped byte of a closed segment is detected', async () => {
  const files = new MemoryFiles();
  const { vault, ledger } = await startNotes(files);
  for (const text of ['a', 'b', 'c']) await ledger.commit([note(text)]);
  await vault.stop();
  assert.is((await verifyLedger(files, derive)).ok, true);
  const bytes = files.bytesOf(FIRST);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (bytes[i] ?? 0) ^ 0x10;
    const found = await verifyLedger(files, derive).then(
      ({ ok }) => !ok,
      () => true,
    );
    assert.ok(found, `byte ${i} of ${bytes.length}`);
    bytes[i] = (bytes[i] ?? 0) ^ 0x10;
  }
  const verdict = await verifyLedger(files, derive);
  assert.equal([verdict.ok, verdict.events, verdict.lastSequence], [true, 3, 3]);
  assert.is.not(verdict.chainHead, CHAIN_START.toString('hex'));
});

test('a flipped byte never invents, swaps or hides an event without a word', async () => {
  const files = new MemoryFiles();
  const { vault, ledger } = await startNotes(files);
  for (const text of ['a', 'b', 'c']) await ledger.commit([note(text)]);
  await vault.stop();
  const whole = Buffer.from(files.bytesOf(FIRST));
  for (let i = 0; i < whole.length; i += 3) {
    const damaged = Buffer.from(whole);
    damaged[i] = (damaged[i] ?? 0) ^ 0x04;
    const disk = files.afterPowerCut();
    disk.put(FIRST, damaged);
    const again = await startNotes(disk);
    const { problems } = again.vault.report().recovery;
    assert.ok(problems.length > 0, `byte ${i}`);
    const left = await readAll(again.vault);
    const isLost = (sequence: number): boolean =>
      problems.some(({ from, to }) => (from ?? 9) <= sequence && sequence <= (to ?? 0));
    for (const sequence of [1, 2, 3]) {
      const event = left.find((one) => one.sequence === sequence);
      assert.ok(event?.data.text === 'abc'[sequence - 1] || isLost(sequence), `byte ${i}`);
    }
    assert.is((await again.ledger.commit([note('d')]))[0]?.sequence, 4, `byte ${i}`);
  }
});

test('sets a damaged segment aside, names the lost sequence and reads the rest', async () => {
  const { files, bytes, end } = await crashed();
  bytes.fill(0xff, (end[0] ?? 0) + 70, (end[0] ?? 0) + 80);
  const disk = files.afterPowerCut();
  disk.put(FIRST, bytes);
  const { vault, ledger, log } = await startNotes(disk);
  assert.equal(await readTexts(vault), ['a', 'c']);
  const [problem, ...others] = vault.report().recovery.problems;
  assert.equal([problem?.from, problem?.to, others.length], [2, 2, 0]);
  assert.ok(log.lines.some((line) => line.startsWith('error') && line.includes('"from":2')));
  assert.ok(disk.paths().includes(`${FIRST}.corrupt`));
  assert.is((await ledger.commit([note('d')]))[0]?.sequence, 4);
  await vault.stop();
  const again = await startNotes(disk);
  assert.equal(await readTexts(again.vault), ['a', 'c', 'd']);
  assert.is(again.vault.report().recovery.problems[0]?.from, 2);
});

test('a damaged header costs its segment, and no sequence is used twice', async () => {
  const { files, bytes } = await crashed();
  bytes[50] = (bytes[50] ?? 0) ^ 1;
  const disk = files.afterPowerCut();
  disk.put(FIRST, bytes);
  const { vault, ledger } = await startNotes(disk);
  assert.equal(await readTexts(vault), []);
  const [problem] = vault.report().recovery.problems;
  assert.equal([problem?.from, problem?.to], [1, 3]);
  const [event] = await ledger.commit([note('d')]);
  assert.equal([event?.sequence, event?.laneSequence], [4, 4]);
});

test('refuses to start when it cannot be told where the ledger ends', async () => {
  const { files, bytes, end } = await crashed();
  bytes[50] = (bytes[50] ?? 0) ^ 1;
  bytes[(end[1] ?? 0) + 20] = 0xff;
  const disk = files.afterPowerCut();
  disk.put(FIRST, bytes);
  assert.is(await codeOf(startNotes(disk)), 'VAULT_CORRUPT');
});

test('names the sequences of a segment that is gone', async () => {
  const files = new MemoryFiles();
  for (const text of ['a', 'b', 'c']) {
    const { vault, ledger } = await startNotes(files);
    await ledger.commit([note(text)]);
    await vault.stop();
  }
  await files.folder('ledger').remove('segment-000000000002.zgl');
  const { vault } = await startNotes(files);
  assert.equal(await readTexts(vault), ['a', 'c']);
  const [problem] = vault.report().recovery.problems;
  assert.equal([problem?.from, problem?.to], [2, 2]);
});

test('verify reads beside a running ledger and changes nothing', async () => {
  const files = new MemoryFiles();
  const { ledger } = await startNotes(files);
  await ledger.commit([note('a'), note('b')]);
  const before = Buffer.from(files.bytesOf(FIRST));
  const verdict = await verifyLedger(files, derive);
  assert.equal([verdict.ok, verdict.events, verdict.problems], [true, 2, []]);
  assert.is(verdict.chainHead, ledger.stat().chainHead);
  assert.equal(files.bytesOf(FIRST), before);
});

test.run();
