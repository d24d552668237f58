import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryFiles } from '../memory-files.ts';
import { codeOf, note, readAll, readTexts, startNotes } from '../vault-world.ts';

test('gives committed events contiguous sequences, in all and in their lane', async () => {
  const { ledger, clock, vault } = await startNotes(new MemoryFiles());
  const first = await ledger.commit([note('a'), note('b', 'urgent')]);
  await clock.advance(5);
  const second = await ledger.commit([note('c')]);
  const places = [...first, ...second].map(({ sequence, lane, laneSequence }) => [
    sequence,
    lane,
    laneSequence,
  ]);
  assert.equal(places, [
    [1, 'normal', 1],
    [2, 'urgent', 1],
    [3, 'normal', 2],
  ]);
  assert.is(second[0]?.at, clock.now());
  assert.equal(await readAll(vault), [...first, ...second]);
  assert.is(ledger.lastInLane('normal'), 2);
  assert.is(ledger.lastInLane('bulk'), 0);
});

test('finds everything again after a stop, and goes on in a new segment', async () => {
  const files = new MemoryFiles();
  const one = await startNotes(files);
  await one.ledger.commit([note('a'), note('b')]);
  await one.vault.stop();
  const two = await startNotes(files);
  assert.is(two.vault.report().recovery.startedFrom, 'clean_stop');
  await two.ledger.commit([note('c', 'bulk')]);
  assert.equal(await readTexts(two.vault), ['a', 'b', 'c']);
  assert.is(two.ledger.stat().segments, 2);
  await two.vault.stop();
  const three = await startNotes(files);
  assert.equal(await readTexts(three.vault), ['a', 'b', 'c']);
  assert.equal(three.ledger.stat().lanes, { urgent: 0, normal: 2, bulk: 1 });
  assert.equal(three.vault.report().recovery.problems, []);
});

test('a new ledger says that it is new', async () => {
  const { vault } = await startNotes(new MemoryFiles());
  assert.is(vault.report().recovery.startedFrom, 'new');
});

test('commits that arrive during a sync share the next one', async () => {
  const files = new MemoryFiles();
  const { ledger } = await startNotes(files);
  await ledger.commit([note('opens the segment')]);
  const before = files.disk.syncs;
  const first = ledger.commit([note('first')]);
  await new Promise((resolve) => setImmediate(resolve));
  const others = Array.from({ length: 50 }, (_, i) => ledger.commit([note(`other ${i}`)]));
  await Promise.all([first, ...others]);
  assert.is(files.disk.syncs - before, 2);
});

test('acknowledges only after the sync, tells projections before subscribers before the caller', async () => {
  const files = new MemoryFiles();
  const { ledger, vault } = await startNotes(files);
  const order: string[] = [];
  files.disk.fault = (operation) => {
    if (operation === 'sync') order.push('sync');
    return null;
  };
  ledger.addApplier(() => order.push('projection'));
  ledger.subscribe(() => order.push('subscriber'));
  await ledger.commit([note('opens the segment')]);
  order.length = 0;
  await ledger.commit([note('a')]).then(() => order.push('caller'));
  assert.equal(order, ['sync', 'projection', 'subscriber', 'caller']);
  await vault.stop();
});

test('refuses when its queue is full and takes more afterwards', async () => {
  const limits = { queuedEvents: 3 };
  const { ledger, vault } = await startNotes(new MemoryFiles(), { limits });
  const taken = [1, 2, 3].map((i) => ledger.commit([note(`${i}`)]));
  assert.is(await codeOf(ledger.commit([note('too much')])), 'VAULT_BUSY');
  await Promise.all(taken);
  await ledger.commit([note('4')]);
  assert.equal(await readTexts(vault), ['1', '2', '3', '4']);
});

test('a listener that throws hurts nobody else', async () => {
  const { ledger, log } = await startNotes(new MemoryFiles());
  const heard: number[] = [];
  ledger.subscribe(() => {
    throw new Error('broken');
  });
  const stop = ledger.subscribe(({ sequence }) => heard.push(sequence));
  await ledger.commit([note('a')]);
  stop();
  await ledger.commit([note('b')]);
  assert.equal(heard, [1]);
  assert.is(log.lines.filter((line) => line.startsWith('error')).length, 2);
});

test('closes a segment that is large enough and reads lanes across segments', async () => {
  const files = new MemoryFiles();
  const limits = { segmentBytes: 8_000 };
  const { ledger, vault } = await startNotes(files, { limits });
  for (let i = 1; i <= 300; i++) {
    await ledger.commit([note(`n${i}`, i % 10 === 0 ? 'urgent' : 'normal')]);
  }
  assert.ok(ledger.stat().segments > 4);
  await checkLanes(ledger);
  await vault.stop();
  // Old segments are known by their closing index alone, the newest by a full read.
  const again = await startNotes(files, { limits: { ...limits, deepCheckBytes: 10_000 } });
  assert.equal(again.vault.report().recovery.problems, []);
  await checkLanes(again.ledger);
  assert.is((await readAll(again.vault, 250)).length, 50);
});

async function checkLanes(ledger: Awaited<ReturnType<typeof startNotes>>['ledger']): Promise<void> {
  const urgent = await ledger.readLane('urgent', 4, 20);
  assert.equal(
    urgent.map(({ laneSequence }) => laneSequence),
    Array.from({ length: 20 }, (_, i) => 5 + i),
  );
  assert.is(urgent[0]?.data.text, 'n50');
  assert.is(urgent[0]?.sequence, 50);
  assert.is((await ledger.readLane('normal', 0, 1_000)).length, 270);
  assert.equal(await ledger.readLane('urgent', 30, 10), []);
  assert.equal(await ledger.readLane('bulk', 0, 10), []);
}

test('reads little to give the newest of a lane', async () => {
  const files = new MemoryFiles();
  const { ledger } = await startNotes(files);
  const commits = Array.from({ length: 2_000 }, (_, i) => ledger.commit([note(`number ${i}`)]));
  await Promise.all(commits);
  await ledger.commit([note('last', 'urgent')]);
  const before = files.disk.operations;
  const [event] = await ledger.readLane('urgent', 0, 10);
  assert.is(event?.data.text, 'last');
  assert.is(files.disk.operations - before, 1);
});

test('an event changed by its caller afterwards is stored as it was', async () => {
  const { ledger, vault } = await startNotes(new MemoryFiles());
  const data = { text: 'before' };
  const committing = ledger.commit([{ type: 'note.normal', data, subject: null }]);
  data.text = 'after';
  await committing;
  assert.equal(await readTexts(vault), ['before']);
});

test('refuses personal fields without a subject', async () => {
  const { ledger } = await startNotes(new MemoryFiles());
  const event = { ...note('a'), personal: { phone: '13800138000' } };
  assert.is(await codeOf(ledger.commit([event])), 'INTERNAL_UNEXPECTED');
});

test('no event and no personal field is on disk in plain text', async () => {
  const files = new MemoryFiles();
  const { vault, ledger } = await startNotes(files);
  vault.documents.project({
    name: 'texts',
    version: 1,
    initial: () => ({ texts: [] as string[] }),
    apply: (state, { data }) => void state.texts.push(data.text),
    parse: (stored) => stored as { texts: string[] },
  });
  const personal = { phone: '13800138000' };
  await ledger.commit([{ ...note('我的银行卡丢了'), subject: 'visit-7', personal }]);
  await vault.stop();
  assert.ok(files.paths().length >= 4);
  for (const path of files.paths()) {
    for (const text of ['银行卡', 'note.normal', '13800138000', 'visit-7', 'texts']) {
      assert.is(files.bytesOf(path).indexOf(text), -1, `${text} in ${path}`);
    }
  }
});

test.run();
