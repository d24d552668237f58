import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReceivedEvent } from '../../../src/hq/collector/batch.ts';
import {
  type FleetState,
  findAppliance,
  fleetProjection,
  listFleet,
} from '../../../src/hq/collector/fleet-projection.ts';
import { summariseEvent } from '../../../src/hq/collector/summarise-event.ts';

const test = suite('fleet projection');

function received(laneSequence: number, facts: Record<string, unknown> = {}): ReceivedEvent {
  return {
    specversion: '1.0',
    id: `box-1:1:normal:${laneSequence}`,
    source: 'urn:zhanggui:box-1',
    type: 'org.zhanggui.turn.recorded.v1',
    time: '2026-11-22T09:00:00.000Z',
    datacontenttype: 'application/json',
    sequence: String(laneSequence).padStart(16, '0'),
    lane: 'normal',
    epoch: 1,
    data: { facts, personal: null },
  };
}

function enrol(state: FleetState, appliance: string, epoch: number): void {
  const data = { appliance, site: 'here', epoch, fingerprint: `of epoch ${epoch}` };
  fleetProjection.apply(state, { type: 'appliance.enrolled', subject: null, data, at: 5 });
}

function receive(state: FleetState, laneSequence: number, epoch = 1): void {
  const event = received(laneSequence);
  const place = { appliance: 'box-1', epoch, lane: 'normal', laneSequence } as const;
  const data = { ...place, head: `head ${laneSequence}`, event };
  fleetProjection.apply(state, { type: 'event.received', subject: null, data, at: 6 });
}

test('moves a watermark by one step only, and counts each event once', () => {
  const state = fleetProjection.initial();
  enrol(state, 'box-1', 1);
  for (const sequence of [1, 2, 2, 4, 1, 3]) receive(state, sequence);
  const [row] = listFleet(state);
  assert.is(row?.lanes.find(({ lane }) => lane === 'normal')?.watermark, 3);
  assert.equal(row?.byType, { 'turn.recorded': 3 });
});

test('begins a new epoch at zero and keeps the watermarks of the old one', () => {
  const state = fleetProjection.initial();
  enrol(state, 'box-1', 1);
  receive(state, 1);
  enrol(state, 'box-1', 2);
  const normal = listFleet(state)[0]?.lanes.find(({ lane }) => lane === 'normal');
  assert.is(normal?.watermark, 0);
  const known = findAppliance(state, 'box-1');
  assert.is(known?.epochs['1']?.normal.watermark, 1);
  assert.is(known?.fingerprint, 'of epoch 2');
  assert.equal(fleetProjection.parse(JSON.parse(JSON.stringify(state))), state);
});

test('is not fooled by names that every object has', () => {
  const state = fleetProjection.initial();
  for (const name of ['constructor', 'toString', '__proto__']) {
    assert.is(findAppliance(state, name), null);
  }
  enrol(state, 'constructor', 1);
  assert.is(findAppliance(state, 'constructor')?.site, 'here');
});

test('puts an event into words without what a customer said', () => {
  const receipt = { route: 'answer', engine: 'local', intent: 'banking.lost_card' };
  const turn = { number: 1, text: '我的卡 6222 丢了', receipt };
  assert.is(summariseEvent(received(1, { turn })), 'answer · local · banking.lost_card');
  const note = {
    reason: 'customer_asked',
    summary: '姓王，电话…',
    note: 'told her',
    outcome: 'solved',
  };
  assert.is(summariseEvent(received(1, note)), 'customer_asked · solved');
  assert.is(summariseEvent(received(1, { turn: 3, helpful: true })), '');
  assert.is(
    summariseEvent(received(1, { from: 'local', to: 'cloud', why: 'slow' })),
    'slow · local → cloud',
  );
  assert.is(
    summariseEvent(received(1, { ticket: { number: 'A-1', category: 'card' } })),
    'A-1 · card',
  );
  for (const odd of [{ turn: 'x' }, { ticket: [] }, { reason: { a: 1 } }]) {
    assert.is(summariseEvent(received(1, odd)), '');
  }
});

test.run();
