import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LaneScheduler } from '../../src/sync/lane-scheduler.ts';

const test = suite('lane scheduler');

test('serves urgent first and leaves every lane its share', () => {
  const scheduler = new LaneScheduler();
  const picks = Array.from({ length: 130 }, () => scheduler.next(() => true));
  const count = (lane: string) => picks.filter((pick) => pick === lane).length;
  assert.is(picks[0], 'urgent');
  assert.equal([count('urgent'), count('normal'), count('bulk')], [90, 30, 10]);
  for (let i = 0; i < 50; i += 1) scheduler.next((lane) => lane !== 'urgent');
  assert.is(
    scheduler.next(() => true),
    'urgent',
  );
  assert.is(
    scheduler.next(() => false),
    null,
  );
});

test.run();
