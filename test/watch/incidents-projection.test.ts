import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { incidentsProjection } from '../../src/watch/incidents-projection.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';

const incidents = suite('incidents-projection');
const title = { zh: '磁盘', en: 'Disk' };

const opened = (incidentId: string) =>
  ({
    type: 'incident.opened',
    data: { incidentId, probe: 'disk_free', title, value: 1 },
    subject: null,
  }) as const;
const closed = (incidentId: string) =>
  ({ type: 'incident.closed', data: { incidentId }, subject: null }) as const;

incidents('opens and closes by id, at the time of the commit', async () => {
  const clock = new ManualClock(1_000);
  const ledger = new MemoryLedger(clock);
  const { state } = ledger.project(incidentsProjection);
  await ledger.commit([opened('a')]);
  await clock.advance(500);
  await ledger.commit([closed('a'), closed('unknown')]);
  assert.equal(state.incidents, [
    { id: 'a', probe: 'disk_free', title, openedAt: 1_000, closedAt: 1_500 },
  ]);
});

incidents('keeps the last two hundred, and every one that is open', async () => {
  const ledger = new MemoryLedger(new ManualClock());
  const { state } = ledger.project(incidentsProjection);
  await ledger.commit([opened('open')]);
  for (let i = 0; i < 250; i++) await ledger.commit([opened(`${i}`), closed(`${i}`)]);
  assert.is(state.incidents.length, 200);
  assert.is(state.incidents[0]?.id, 'open');
  assert.is(state.incidents.at(-1)?.id, '249');
});

incidents('reads its own document back and refuses another', async () => {
  const ledger = new MemoryLedger(new ManualClock());
  const { state } = ledger.project(incidentsProjection);
  await ledger.commit([opened('a')]);
  assert.equal(incidentsProjection.parse(JSON.parse(JSON.stringify(state))), state);
  assert.throws(() => incidentsProjection.parse({ incidents: [{ id: 'a' }] }));
});

incidents.run();
