import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createClockStepReading,
  EventLoopLag,
  readHeapUsedShare,
} from '../../../src/watch/probes/process-readings.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const readings = suite('process-readings');

readings('measures how far the wall clock jumped, in either direction, once', async () => {
  const clock = new ManualClock();
  const read = createClockStepReading(clock);
  await clock.advance(5_000);
  assert.is(read(), 0);
  clock.jump(-3_600_000);
  await clock.advance(5_000);
  assert.is(read(), 3_600_000);
  await clock.advance(5_000);
  assert.is(read(), 0);
});

readings('sees that the event loop was held up', async () => {
  const lag = new EventLoopLag();
  assert.is(lag.takeP99Ms(), null);
  await lag.start();
  // The sampling timer must have run once before a delay can be seen.
  const someTimers = () => new Promise((resolve) => setTimeout(resolve, 60));
  await someTimers();
  const blockedUntil = performance.now() + 150;
  while (performance.now() < blockedUntil);
  await someTimers();
  const heldUpMs = lag.takeP99Ms();
  await lag.stop();
  assert.ok(heldUpMs !== null && heldUpMs > 80, `${heldUpMs} ms`);
});

readings('tells the share of the heap in use', () => {
  const share = readHeapUsedShare();
  assert.ok(share > 0 && share < 1);
});

readings.run();
