import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { planArrivals } from '../../../scripts/bench/arrival-schedule.ts';
import { type Asker, type LoadShape, runLoad } from '../../../scripts/bench/run-load.ts';
import { createRandom } from '../../../scripts/bench/seeded-random.ts';
import type { Said } from '../../../scripts/bench/visit-client.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';

const LOCAL: Said = {
  ...{ kind: 'answered', engine: 'local', isRecorded: true, isHandedOver: false, stagesMs: {} },
};
const CLOSED: LoadShape = { kind: 'closed', warmUpMs: 1_000, durationMs: 2_000 };
const OPEN: LoadShape = {
  ...{ kind: 'open', ratePerSecond: 20, seed: 5, warmUpMs: 0, durationMs: 1_000 },
};

/** Askers that take `ms` for every answer. */
function createAskers(clock: ManualClock, count: number, ms: number, answer = () => LOCAL) {
  const seen = { texts: [] as string[], restarts: 0 };
  const asker: Asker = {
    async say(text) {
      seen.texts.push(text);
      await clock.sleep(ms);
      return answer();
    },
    async restart() {
      seen.restarts += 1;
    },
  };
  return { seen, askers: Array.from({ length: count }, () => asker) };
}

async function run(clock: ManualClock, shape: LoadShape, askers: readonly Asker[]) {
  const result = runLoad(shape, askers, ['a', 'b', 'c'], clock);
  await settle();
  await clock.advance(20_000);
  return result;
}

test('a closed loop counts what was finished after the warm-up, and nothing else', async () => {
  const clock = new ManualClock();
  const { askers, seen } = createAskers(clock, 4, 100);
  const result = await run(clock, CLOSED, askers);
  assert.is(result.local, 4 * 20);
  assert.is(result.localPerSecond, 40);
  assert.is(result.latencyMs.p50, 100);
  assert.equal(seen.texts.slice(0, 4), ['a', 'b', 'c', 'a']);
});

test('answers of other engines and refusals are counted apart and are no local turns', async () => {
  const clock = new ManualClock();
  let asked = 0;
  const answers: Said[] = [
    LOCAL,
    { ...LOCAL, engine: 'keyword', isRecorded: false },
    { kind: 'refused', code: 'HTTP_RATE_LIMITED' },
  ];
  const next = (): Said => answers[asked++ % answers.length] as Said;
  const { askers } = createAskers(clock, 3, 100, next);
  const result = await run(clock, { ...CLOSED, warmUpMs: 0, durationMs: 301 }, askers);
  assert.is(result.local, 3);
  assert.equal(result.otherEngines, { keyword: 3 });
  assert.equal(result.refused, { HTTP_RATE_LIMITED: 2 });
  assert.is(result.unrecorded, 3);
});

test('a visit that waits for a person begins anew before it asks again', async () => {
  const clock = new ManualClock();
  const { askers, seen } = createAskers(clock, 1, 100, () => ({ ...LOCAL, isHandedOver: true }));
  const result = await run(clock, { ...CLOSED, warmUpMs: 0, durationMs: 301 }, askers);
  assert.is(result.handedOver, 3);
  assert.is(seen.restarts, seen.texts.length);
});

test('arrivals do not wait for a slow box: their latency begins when they were due', async () => {
  const clock = new ManualClock();
  const due = planArrivals(20, 1_000, createRandom(5));
  const { askers } = createAskers(clock, 1, 200);
  const result = await run(clock, OPEN, askers);
  // One visit answers one after the other, so that the last waits for all before it.
  let freeAt = 0;
  const expected = due.map((at) => {
    freeAt = Math.max(freeAt, at) + 200;
    return freeAt - at;
  });
  assert.is(result.local, due.length);
  assert.is(Math.round(result.latencyMs.max), Math.round(Math.max(...expected)));
});

test('a question that never gets an answer is counted', async () => {
  const clock = new ManualClock();
  const { askers } = createAskers(clock, 2, 1_000_000);
  const arrivals = planArrivals(20, 1_000, createRandom(5)).length;
  const result = await run(clock, OPEN, askers);
  assert.equal(result.refused, { unanswered: arrivals });
  assert.is(result.local, 0);
});

test.run();
