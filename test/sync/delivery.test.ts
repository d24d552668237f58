import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SyncError } from '../../src/domain/errors.ts';
import { initialDeliveryCursors } from '../../src/sync/delivery-cursor.ts';
import { documentOf, feedback, incident, many, sample } from './box.ts';
import { build, idsOf, rest } from './delivery-world.ts';
import type { FakeHq } from './fake-hq.ts';

const test = suite('delivery');

test('brings everything once, in order, and knows that it arrived', async () => {
  const { ledger, hq, delivery, start, lane } = build();
  await ledger.commit([...many(250, feedback), ...many(3, () => incident()), sample()]);
  await start();
  assert.is(hq.taken.length, 254);
  assert.is(new Set(idsOf(hq)).size, 254);
  const normal = hq.taken.filter((event) => event.lane === 'normal');
  assert.equal(
    normal.map(({ id }) => id),
    many(250, feedback).map((_, index) => `box-1:1:normal:${index + 1}`),
  );
  assert.equal(lane('normal'), {
    lane: 'normal',
    committed: 250,
    acknowledged: 250,
    lag: 0,
    duplicates: 0,
    blockedBy: null,
  });
  const { reachable, lastReceiptAt, lastError } = delivery.deliveryState();
  assert.equal({ reachable, lastError }, { reachable: true, lastError: null });
  assert.type(lastReceiptAt, 'number');
  await delivery.stop();
});

test('wakes at once when something is committed', async () => {
  const { ledger, hq, delivery, start } = build();
  await start();
  await ledger.commit([incident()]);
  await rest();
  assert.equal(idsOf(hq), ['box-1:1:urgent:1']);
  await delivery.stop();
});

test('waits 1, 2, 4 … 60 s between attempts of an outage, jittered, and loses nothing', async () => {
  for (const random of [1, 0.5]) {
    const { clock, ledger, hq, delivery, start } = build({ random: () => random });
    hq.isAway = true;
    await ledger.commit(many(5, feedback));
    await start();
    const waits: number[] = [];
    for (let attempt = 0, since = 0; attempt < 9; ) {
      const before = hq.requests;
      await clock.advance(250);
      await rest();
      since += 250;
      if (hq.requests === before) continue;
      waits.push(since / 1000 / random);
      attempt += 1;
      since = 0;
    }
    assert.equal(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert.is(delivery.deliveryState().reachable, false);
    assert.is(delivery.deliveryState().lastError, 'SYNC_HQ_UNREACHABLE');
    hq.isAway = false;
    await clock.advance(60_000);
    await rest();
    assert.is(hq.taken.length, 5);
    assert.is(delivery.deliveryState().reachable, true);
    await delivery.stop();
  }
});

test('does not hammer a headquarters that is away with every new event', async () => {
  const { ledger, hq, delivery, start } = build();
  hq.isAway = true;
  await start();
  const before = hq.requests;
  for (let i = 0; i < 20; i += 1) await ledger.commit([incident()]);
  await rest();
  assert.is(hq.requests, before);
  await delivery.stop();
});

test('sends nothing twice when the answer to a taken batch was lost', async () => {
  const { clock, ledger, hq, delivery, start, lane } = build();
  await ledger.commit(many(150, feedback));
  let lost = 0;
  hq.beforeAnswer = (outcome) => {
    lost += 1;
    if (lost === 1) throw new SyncError('SYNC_HQ_UNREACHABLE', { detail: 'the line broke' });
    return outcome;
  };
  await start();
  await clock.advance(1000);
  await rest();
  assert.is(hq.taken.length, 150);
  assert.is(lane('normal').acknowledged, 150);
  assert.is(lane('normal').duplicates, 0);
  await delivery.stop();
});

test('ends well when an old receipt overtakes a new one, and counts what was sent twice', async () => {
  const { clock, ledger, hq, delivery, start, lane } = build();
  await ledger.commit(many(100, feedback));
  await start();
  await ledger.commit(many(5, feedback));
  const old = hq.receipt('normal', { watermark: 0, head: null });
  let answers = 0;
  hq.beforeAnswer = (outcome) => {
    answers += 1;
    return answers === 1 ? { kind: 'accepted', receipt: old, duplicates: 0 } : outcome;
  };
  await rest();
  await clock.advance(1000);
  await rest();
  assert.is(new Set(idsOf(hq)).size, 105);
  assert.is(hq.taken.length, 105);
  assert.is(lane('normal').lag, 0);
  assert.is(lane('normal').duplicates, 100);
  await delivery.stop();
});

test('sends again what a restored headquarters no longer holds', async () => {
  const { clock, ledger, hq, delivery, start, lane } = build();
  await ledger.commit(many(10, feedback));
  await start();
  hq.taken.length = 0;
  hq.held.normal = { watermark: 0, head: null };
  await clock.advance(60_000);
  await rest();
  assert.is(hq.taken.length, 10);
  assert.is(lane('normal').acknowledged, 10);
  await delivery.stop();
});

test('goes back to the watermark when headquarters sees a gap', async () => {
  const { clock, ledger, hq, delivery, start, lane } = build();
  await ledger.commit(many(10, feedback));
  await start();
  hq.taken.length = 0;
  hq.held.normal = { watermark: 0, head: null };
  await ledger.commit([feedback()]);
  await rest();
  assert.is(lane('normal').acknowledged, 0);
  await clock.advance(1000);
  await rest();
  assert.equal(
    hq.taken.map(({ sequence }) => Number(sequence)),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
  await delivery.stop();
});

test('is not driven round in circles by a headquarters that never moves', async () => {
  const { ledger, hq, delivery, start } = build();
  await ledger.commit(many(10, feedback));
  const stuck = hq.receipt('normal');
  hq.beforeAnswer = () => {
    // Without the pause that is tested here this would never come to rest.
    if (hq.arrivals.length > 20) hq.isAway = true;
    return { kind: 'accepted', receipt: stuck, duplicates: 0 };
  };
  await start();
  assert.is(hq.arrivals.length, 1);
  await delivery.stop();
});

test('does not move on a receipt that headquarters did not sign, or that is for another', async () => {
  for (const bend of [
    (hq: FakeHq) => ({ ...hq.receipt('normal'), watermark: 9 }),
    (hq: FakeHq) => ({ ...hq.receipt('normal'), signature: 'AAAA' }),
    (hq: FakeHq) => hq.receipt('urgent'),
  ]) {
    const { ledger, hq, delivery, start, lane } = build();
    await ledger.commit(many(10, feedback));
    hq.beforeAnswer = () => ({ kind: 'accepted', receipt: bend(hq), duplicates: 0 });
    await start();
    assert.is(lane('normal').acknowledged, 0);
    assert.is(delivery.deliveryState().lastError, 'SYNC_RECEIPT_INVALID');
    await delivery.stop();
  }
});

test('keeps a lane back when headquarters holds another history of it, and sends the others', async () => {
  for (const held of [
    { watermark: 50, head: null },
    { watermark: 3, head: 'of-another-box' },
  ]) {
    const { clock, ledger, hq, delivery, start, lane } = build();
    await ledger.commit([...many(10, feedback), incident()]);
    hq.held.normal = held;
    await start();
    await clock.advance(180_000);
    await rest();
    assert.equal(idsOf(hq), ['box-1:1:urgent:1']);
    assert.is(lane('normal').blockedBy, 'SYNC_HISTORY_FORKED');
    assert.is(lane('urgent').blockedBy, null);
    assert.is(delivery.deliveryState().lastError, 'SYNC_HISTORY_FORKED');
    await delivery.stop();
  }
});

test('keeps back only the lane whose batch headquarters cannot read', async () => {
  const { ledger, hq, delivery, start, lane } = build();
  await ledger.commit([...many(10, feedback), incident(), sample()]);
  hq.beforeAnswer = (outcome) => {
    if (outcome.receipt.lane === 'normal') {
      throw new SyncError('SYNC_BATCH_INVALID', { detail: 'cannot be read' });
    }
    return outcome;
  };
  await start();
  assert.is(lane('normal').blockedBy, 'SYNC_BATCH_INVALID');
  assert.is(lane('urgent').lag, 0);
  assert.is(lane('bulk').lag, 0);
  await delivery.stop();
});

test('shows the stored cursor until headquarters has spoken, and does not trust it', async () => {
  const cursors = initialDeliveryCursors();
  cursors.lanes.normal = { acknowledged: 7, duplicates: 2 };
  const { clock, ledger, hq, delivery, start, lane } = build({ cursors: documentOf(cursors) });
  await ledger.commit(many(10, feedback));
  hq.isAway = true;
  await start();
  assert.is(lane('normal').acknowledged, 7);
  hq.isAway = false;
  await clock.advance(1000);
  await rest();
  assert.is(hq.taken.length, 10);
  assert.is(lane('normal').duplicates, 2);
  await delivery.stop();
});

test('stops while it waits, and stores how far it came', async () => {
  const { ledger, cursors, delivery, start } = build();
  await ledger.commit(many(4, feedback));
  await start();
  await delivery.stop();
  assert.is(cursors.read().lanes.normal.acknowledged, 4);
  const away = build();
  away.hq.isAway = true;
  await away.start();
  await away.delivery.stop();
});

test('gives urgent events most of the line while all lanes are behind', async () => {
  const { ledger, hq, delivery, start } = build();
  await ledger.commit([
    ...many(2600, sample),
    ...many(2600, feedback),
    ...many(2600, () => incident()),
  ]);
  await start();
  const first = hq.arrivals.slice(0, 26);
  assert.is(first[0], 'urgent');
  assert.is(first.filter((lane) => lane === 'urgent').length, 18);
  assert.is(first.filter((lane) => lane === 'bulk').length, 2);
  await delivery.stop();
});

test.run();
