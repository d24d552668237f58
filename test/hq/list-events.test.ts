import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HqEvent } from '../../src/hq/hq-event.ts';
import { type HqLedgerReader, listEvents } from '../../src/hq/operator/list-events.ts';

const test = suite('list events');

/** A ledger to which `boxes` sent by turns, `count` events in all. */
function ledgerOf(boxes: readonly string[], count: number): HqLedgerReader {
  const entries = Array.from({ length: count }, (_, index) => {
    const appliance = boxes[index % boxes.length] ?? '';
    const laneSequence = Math.floor(index / boxes.length) + 1;
    const event = {
      id: `${appliance}:${laneSequence}`,
      type: 'org.zhanggui.session.ended.v1',
      time: '2026-11-22T09:00:00.000Z',
      data: { facts: { reason: 'idle' }, personal: null },
    };
    const data = { appliance, epoch: 1, lane: 'normal', laneSequence, head: '', event };
    return { type: 'event.received', subject: null, data, laneSequence: index + 1 };
  });
  return {
    readLane: async (_, after, limit) =>
      entries.slice(after, after + limit) as unknown as (HqEvent & { laneSequence: number })[],
  };
}

async function allOf(ledger: HqLedgerReader, appliance: string): Promise<string[]> {
  const ids: string[] = [];
  for (let next = 0, isMore = true; isMore; ) {
    const page = await listEvents(ledger, appliance, next);
    ids.push(...page.events.map(({ id }) => id));
    isMore = page.events.length > 0;
    next = page.next;
  }
  return ids;
}

test('lists every event of one appliance once, page by page', async () => {
  const ids = await allOf(ledgerOf(['a', 'b'], 6001), 'b');
  assert.equal(
    ids,
    Array.from({ length: 3000 }, (_, index) => `b:${index + 1}`),
  );
});

test('says in a few words what happened', async () => {
  const { events, next } = await listEvents(ledgerOf(['a'], 1), 'a', 0);
  assert.is(next, 1);
  assert.equal(events, [
    {
      id: 'a:1',
      type: 'session.ended',
      lane: 'normal',
      laneSequence: 1,
      at: Date.parse('2026-11-22T09:00:00.000Z'),
      summary: 'idle',
    },
  ]);
});

test('moves on, but not through the whole ledger at once, while others talked', async () => {
  const { events, next } = await listEvents(ledgerOf(['a'], 50_000), 'silent', 0);
  assert.equal({ events, next }, { events: [], next: 10_000 });
});

test.run();
