import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import type { ProjectionOf } from '../../src/vault/documents.ts';
import { MemoryFiles } from './memory-files.ts';
import { codeOf, createNotes, type Note, note, readAll } from './vault-world.ts';

const Tally = z.object({
  texts: z.array(z.string()),
  seen: z.array(z.object({ text: z.string() })),
});
type Tally = z.infer<typeof Tally>;

const CURRENT = 'documents/projection-tally.zgd';
const PREVIOUS = 'documents/projection-tally.previous.zgd';

function tally(version = 1): ProjectionOf<Note, Tally> {
  return {
    name: 'tally',
    version,
    initial: () => ({ texts: [], seen: [] }),
    apply: (state, event) => {
      state.texts.push(event.data.text);
      // Keeps and later changes what it was given, as projections may.
      for (const one of state.seen) one.text += '!';
      state.seen.push(event.data as { text: string });
    },
    parse: (stored) => Tally.parse(stored),
  };
}

async function startTally(files: MemoryFiles, snapshotEvents = 4, version = 1) {
  const notes = createNotes(files, { snapshotEvents });
  const projected = notes.vault.documents.project(tally(version));
  await notes.start();
  return { ...notes, projected };
}

function foldAgain(events: Awaited<ReturnType<typeof readAll>>): Tally {
  const { initial, apply } = tally();
  const state = initial();
  for (const event of events) apply(state, structuredClone(event));
  return state;
}

async function storedTally(count: number, perRun = 5): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  for (let done = 0; done < count; done += perRun) {
    const { ledger, vault } = await startTally(files);
    for (let i = 1; i <= perRun; i++) await ledger.commit([note(`${done + i}`)]);
    await vault.stop();
  }
  return files;
}

test('a projection is up to date when the commit resolves', async () => {
  const { ledger, projected } = await startTally(new MemoryFiles());
  await ledger.commit([note('a'), note('b')]);
  assert.equal(projected.state.texts, ['a', 'b']);
  assert.equal(projected.state.seen, [{ text: 'a!' }, { text: 'b' }]);
});

test('two projections that keep the same event do not change it for each other', async () => {
  const files = new MemoryFiles();
  const notes = createNotes(files);
  const one = notes.vault.documents.project(tally());
  const two = notes.vault.documents.project({ ...tally(), name: 'other' });
  await notes.start();
  const heard: string[] = [];
  notes.ledger.subscribe(({ data }) => heard.push(data.text));
  await notes.ledger.commit([note('a'), note('b')]);
  assert.equal(one.state, two.state);
  assert.equal(heard, ['a', 'b']);
  const again = createNotes(files.afterPowerCut());
  const replayed = again.vault.documents.project(tally());
  const beside = again.vault.documents.project({ ...tally(), name: 'other' });
  await again.start();
  assert.equal([replayed.state, beside.state], [one.state, one.state]);
});

test('a new projection is folded from the beginning, an old one beside it only from its document', async () => {
  const files = await storedTally(5);
  const notes = createNotes(files);
  const old = notes.vault.documents.project(tally());
  const added = notes.vault.documents.project({ ...tally(), name: 'added' });
  await notes.start();
  const whole = foldAgain(await readAll(notes.vault));
  assert.equal([old.state, added.state], [whole, whole]);
});

test('state is loaded from its document and only the rest is folded', async () => {
  const files = await storedTally(5);
  let folded = 0;
  const notes = createNotes(files);
  const counting = { ...tally(), apply: () => void folded++ };
  const projected = notes.vault.documents.project(counting);
  await notes.start();
  assert.is(folded, 0);
  assert.equal(projected.state, foldAgain(await readAll(notes.vault)));
});

for (const [damage, warned] of [
  ['flip', 'set aside'],
  ['empty', 'set aside'],
] as const) {
  test(`a damaged document (${damage}): the previous copy is used, then the ledger`, async () => {
    const files = await storedTally(10);
    const spoil = (path: string): void => {
      const bytes = Buffer.from(files.bytesOf(path));
      if (damage === 'flip') bytes[20] = (bytes[20] ?? 0) ^ 1;
      files.put(path, damage === 'flip' ? bytes : Buffer.alloc(0));
    };
    spoil(CURRENT);
    const one = await startTally(files);
    const whole = foldAgain(await readAll(one.vault));
    assert.equal(one.projected.state, whole);
    assert.ok(one.log.lines.some((line) => line.includes(warned)));
    assert.ok(one.log.lines.some((line) => line.includes('previous copy')));
    assert.ok(files.paths().includes(`${CURRENT}.corrupt`));
    spoil(PREVIOUS);
    const two = await startTally(files);
    assert.equal(two.projected.state, whole);
    assert.ok(two.log.lines.some((line) => line.includes('made again from the ledger')));
  });
}

test('a document of another version or another shape is made again', async () => {
  const files = await storedTally(5);
  const one = await startTally(files, 4, 2);
  assert.is(one.projected.state.texts.length, 5);
  assert.ok(one.log.lines.some((line) => line.includes('another version')));
  const notes = createNotes(files);
  const other = { ...tally(), parse: (): Tally => assert.unreachable() as never };
  const projected = notes.vault.documents.project(other);
  await notes.start();
  assert.is(projected.state.texts.length, 5);
});

test('a document that is ahead of the ledger is thrown away', async () => {
  const files = await storedTally(10);
  await files.folder('ledger').remove('segment-000000000006.zgl');
  const { projected, log } = await startTally(files);
  assert.equal(projected.state.texts, ['1', '2', '3', '4', '5']);
  assert.ok(log.lines.some((line) => line.includes('set aside')));
});

test('documents are not written per event, and not on the way of a commit', async () => {
  const files = new MemoryFiles();
  const { ledger, vault } = await startTally(files, 50);
  const isWritten = (): boolean => files.paths().includes(CURRENT);
  for (let i = 0; i < 49; i++) await ledger.commit([note(`${i}`)]);
  assert.not.ok(isWritten());
  files.disk.fault = (operation, path) =>
    operation === 'write' && path.startsWith('documents/') ? new Error('slow disk') : null;
  await ledger.commit([note('the fiftieth')]);
  files.disk.fault = () => null;
  await vault.stop();
  assert.ok(isWritten());
});

test('a projection that throws stands still and is made again at the next start', async () => {
  const files = new MemoryFiles();
  const notes = createNotes(files);
  const isBroken = { now: true };
  const broken: ProjectionOf<Note, Tally> = {
    ...tally(),
    apply: (state, event) => {
      if (isBroken.now && event.data.text === 'bad') throw new Error('a bug');
      tally().apply(state, event);
    },
  };
  notes.vault.documents.project(broken);
  await notes.start();
  for (const text of ['a', 'bad', 'b']) await notes.ledger.commit([note(text)]);
  assert.ok(notes.log.lines.some((line) => line.includes('stands still')));
  await notes.vault.stop();
  isBroken.now = false;
  const { projected } = await startTally(files);
  assert.equal(projected.state.texts, ['a', 'bad', 'b']);
});

test('after a power cut at any operation a projection equals a fold from scratch', async () => {
  for (let cut = 0; cut < 120; cut += 1) {
    const files = new MemoryFiles();
    const one = await startTally(files, 3);
    files.cutPowerAfter(cut);
    for (let i = 1; i <= 12; i++) await one.ledger.commit([note(`${i}`)]).catch(() => undefined);
    await one.vault.stop().catch(() => undefined);
    const keepWrites = cut % 2 === 1;
    const two = await startTally(files.afterPowerCut(keepWrites), 3);
    assert.equal(two.projected.state, foldAgain(await readAll(two.vault)), `cut after ${cut}`);
  }
});

test('a small document is durable when its write resolves', async () => {
  const files = new MemoryFiles();
  const parse = (stored: unknown): { at: number } => z.object({ at: z.number() }).parse(stored);
  const one = createNotes(files);
  const cursor = one.vault.documents.sealedDocument('cursor', parse, { at: 0 });
  assert.equal(cursor.read(), { at: 0 });
  await one.start();
  await Promise.all([cursor.write({ at: 1 }), cursor.write({ at: 2 })]);
  const two = createNotes(files.afterPowerCut());
  const again = two.vault.documents.sealedDocument('cursor', parse, { at: 0 });
  await two.start();
  assert.equal(again.read(), { at: 2 });
});

test('a small document that could not be written keeps its value', async () => {
  const files = new MemoryFiles();
  const parse = (stored: unknown): { at: number } => stored as { at: number };
  const { vault, start } = createNotes(files);
  const cursor = vault.documents.sealedDocument('cursor', parse, { at: 0 });
  await start();
  files.disk.fault = (operation) => (operation === 'sync' ? new Error('no') : null);
  assert.not.equal(await codeOf(cursor.write({ at: 1 })), 'no error');
  assert.equal(cursor.read(), { at: 0 });
  files.disk.fault = () => null;
  await cursor.write({ at: 2 });
  assert.equal(cursor.read(), { at: 2 });
});

test.run();
