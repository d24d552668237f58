import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SignInDelays } from '../../src/trust/sign-in-delays.ts';
import { ManualClock } from '../support/manual-clock.ts';

const delaying = suite('SignInDelays');
const RULE = { free: 2, firstMs: 100, maxMs: 1_000 };

delaying('costs nothing at first, then doubles up to the longest wait', async () => {
  const clock = new ManualClock();
  const delays = new SignInDelays(clock, RULE);
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    delays.charge('a');
    waits.push(delays.waitMs('a'));
    await clock.advance(delays.waitMs('a'));
  }
  assert.equal(waits, [0, 0, 100, 200, 400, 800, 1_000, 1_000]);
  assert.is(delays.waitMs('b'), 0);
});

delaying('takes a charge back as if it had not been', () => {
  const delays = new SignInDelays(new ManualClock(), RULE);
  for (let i = 0; i < 3; i++) delays.charge('a');
  delays.refund('a');
  assert.is(delays.waitMs('a'), 0);
  delays.charge('a');
  assert.is(delays.waitMs('a'), 100);
});

delaying('is not fooled by a jump of the wall clock', () => {
  const clock = new ManualClock();
  const delays = new SignInDelays(clock, RULE);
  for (let i = 0; i < 4; i++) delays.charge('a');
  clock.jump(3_600_000);
  assert.is(delays.waitMs('a'), 200);
});

delaying('forgets after a quiet hour and never grows without end', async () => {
  const clock = new ManualClock();
  const delays = new SignInDelays(clock, RULE);
  for (let i = 0; i < 5; i++) delays.charge('old');
  await clock.advance(3_600_000);
  delays.charge('new');
  delays.charge('old');
  assert.is(delays.waitMs('old'), 0);
  for (let i = 0; i < 20_000; i++) delays.charge(`name${i}`);
  for (let i = 0; i < 3; i++) delays.charge('last');
  assert.is(delays.waitMs('last'), 100);
});

delaying.run();
