import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTurnStatistics } from '../../src/watch/turn-statistics.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { someEscalation, someTurn, someVisit } from './some-turn.ts';

const statistics = suite('turn-statistics');
const HOUR = 3_600_000;

function openDay(at: string) {
  const clock = new ManualClock(Date.parse(at));
  const ledger = new MemoryLedger(clock);
  const { projection, today } = createTurnStatistics('Asia/Shanghai');
  const { state } = ledger.project(projection);
  return { clock, ledger, state, projection, today: () => today(state, clock.now()) };
}

statistics('counts visits, turns, answers and escalations of the day', async () => {
  const { ledger, today } = openDay('2026-11-22T10:00:00+08:00');
  const nothing = { visits: 0, turns: 0, answered: 0, escalated: 0 };
  assert.equal(today(), { ...nothing, turnP50Ms: null, turnP99Ms: null });
  await ledger.commit([
    someVisit,
    someTurn('answer', 10),
    someTurn('rephrase', 10),
    someEscalation,
  ]);
  const { turnP50Ms, turnP99Ms, ...counts } = today();
  assert.equal(counts, { visits: 1, turns: 2, answered: 1, escalated: 1 });
  assert.ok(turnP50Ms !== null && turnP50Ms >= 10 && turnP50Ms <= 11, `${turnP50Ms}`);
  assert.is(turnP50Ms, turnP99Ms);
});

statistics('tells percentiles at most a tenth too high, however many turns there are', async () => {
  const { ledger, state, today } = openDay('2026-11-22T10:00:00+08:00');
  for (let ms = 1; ms <= 1_000; ms++) await ledger.commit([someTurn('answer', ms)]);
  const { turnP50Ms, turnP99Ms } = today();
  assert.ok(turnP50Ms !== null && turnP50Ms >= 500 && turnP50Ms <= 550, `${turnP50Ms}`);
  assert.ok(turnP99Ms !== null && turnP99Ms >= 990 && turnP99Ms <= 1_089, `${turnP99Ms}`);
  for (const ms of [0, 0.2, 1e9]) await ledger.commit([someTurn('answer', ms)]);
  assert.ok(Object.keys(state.durations).length <= 120);
});

statistics("begins anew with the branch's own midnight", async () => {
  const { clock, ledger, today } = openDay('2026-11-22T23:00:00+08:00');
  await ledger.commit([someVisit]);
  await clock.advance(HOUR - 1);
  assert.is(today().visits, 1);
  await clock.advance(1);
  assert.is(today().visits, 0, 'already before the first event of the new day');
  await ledger.commit([someVisit, someVisit]);
  assert.is(today().visits, 2);
});

statistics('reads its own document back and refuses another', async () => {
  const { ledger, state, projection } = openDay('2026-11-22T10:00:00+08:00');
  await ledger.commit([someVisit, someTurn('answer', 12)]);
  assert.equal(projection.parse(JSON.parse(JSON.stringify(state))), state);
  assert.throws(() => projection.parse({ day: '2026-11-22' }));
});

statistics.run();
