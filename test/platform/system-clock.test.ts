import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../src/platform/system-clock.ts';

test('a sleep that is aborted rejects with the reason that was given', async () => {
  const controller = new AbortController();
  const reason = new Error('stopping');
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort(reason);
  assert.is(await sleeping.catch((error: unknown) => error), reason);
  assert.is(await systemClock.sleep(1, controller.signal).catch((error: unknown) => error), reason);
});

test('ticks go forward and now is the wall time', async () => {
  const tick = systemClock.tick();
  await systemClock.sleep(2);
  assert.ok(systemClock.tick() > tick);
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000);
});

test.run();
