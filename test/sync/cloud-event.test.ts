import { CloudEvent, HTTP } from 'cloudevents';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CommittedEvent } from '../../src/domain/events.ts';
import { BATCH_CONTENT_TYPE, headOf, toCloudEvent } from '../../src/sync/cloud-event.ts';

const test = suite('cloud events');
const SENDER = { appliance: 'box-1', epoch: 2 };

const opened: CommittedEvent = {
  type: 'session.opened',
  subject: 'visit-1',
  data: { sessionId: 'visit-1', channel: 'kiosk', language: 'zh', tokenHash: 'opens-the-visit' },
  sequence: 9,
  lane: 'normal',
  laneSequence: 7,
  at: Date.parse('2026-11-22T09:00:00.123Z'),
};
const created: CommittedEvent = {
  type: 'account.created',
  subject: null,
  data: {
    name: 'lin',
    displayName: '林',
    role: 'agent',
    skills: [],
    passwordHash: '$argon2id$secret',
    mustChangePassword: true,
    by: 'setup',
  },
  personal: { phone: 'sealed-by-the-vault' },
  sequence: 10,
  lane: 'normal',
  laneSequence: 8,
  at: 0,
};

test('is a batch that the CloudEvents SDK accepts', () => {
  const batch = [opened, created].map((event) => toCloudEvent(event, SENDER));
  const body = JSON.stringify(batch);
  const read = HTTP.toEvent({ headers: { 'content-type': BATCH_CONTENT_TYPE }, body });
  const events = Array.isArray(read) ? read.filter((event) => event instanceof CloudEvent) : [];
  assert.is(events.length, 2);
  for (const event of events) assert.ok(event.validate());
  assert.equal(batch[0], {
    specversion: '1.0',
    id: 'box-1:2:normal:7',
    source: 'urn:zhanggui:box-1',
    type: 'org.zhanggui.session.opened.v1',
    time: '2026-11-22T09:00:00.123Z',
    subject: 'visit-1',
    datacontenttype: 'application/json',
    sequence: '0000000000000007',
    lane: 'normal',
    epoch: 2,
    data: {
      facts: { sessionId: 'visit-1', channel: 'kiosk', language: 'zh' },
      personal: null,
    },
  });
});

test('keeps on the box what opens the box', () => {
  const text = JSON.stringify([opened, created].map((event) => toCloudEvent(event, SENDER)));
  assert.not.match(text, 'opens-the-visit');
  assert.not.match(text, 'argon2id');
  assert.match(text, 'sealed-by-the-vault');
});

test('tells two boxes apart that went on from one disk', () => {
  const here = headOf(toCloudEvent(opened, SENDER));
  const there = headOf(toCloudEvent({ ...opened, at: opened.at + 1 }, SENDER));
  assert.is.not(here, there);
});

test.run();
