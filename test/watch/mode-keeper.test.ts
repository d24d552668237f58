import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StorageError } from '../../src/domain/errors.ts';
import { ModeKeeper } from '../../src/watch/mode-keeper.ts';
import type { TriedEngine } from '../../src/watch/mode-machine.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';

const keeping = suite('ModeKeeper');

function openKeeper() {
  const clock = new ManualClock();
  const ledger = new MemoryLedger(clock);
  const readings = { isEngineReady: true, isCloudReachable: true };
  const tried: TriedEngine[] = [];
  const signals: AbortSignal[] = [];
  const engines = { try: async (): Promise<void> => undefined };
  const engine = {
    budgetMs: 100,
    failuresToTrip: 3,
    failingForMs: 1_000,
    goodTrials: 3,
    trialEveryMs: 1_000,
    backoffMs: 2_000,
    maxBackoffMs: 60_000,
    settledMs: 600_000,
  };
  const keeper = new ModeKeeper({
    ledger,
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    settings: { local: engine, cloud: { ...engine, budgetMs: 800 }, returnEveryMs: 60_000 },
    readings: () => ({ ...readings }),
    tryEngine: (one, signal) => {
      tried.push(one);
      signals.push(signal);
      return engines.try();
    },
    health: () => 'degraded',
    intervalMs: 500,
  });
  const failLocal = async () => {
    for (let i = 0; i < 3; i++) {
      keeper.report('local', { ok: false, ms: 100 });
      await clock.advance(600);
    }
  };
  return { clock, ledger, readings, tried, signals, engines, keeper, failLocal };
}

const start = (keeper: ModeKeeper) => keeper.start(new AbortController().signal);

keeping('says the mode, the budget of its engine and the health of the box', async () => {
  const { keeper, readings, ledger } = openKeeper();
  assert.is(keeper.mode(), 'local');
  assert.is(keeper.budgetMs(), 100);
  assert.is(keeper.health(), 'degraded');
  readings.isEngineReady = false;
  assert.is(keeper.mode(), 'cloud', 'looked at afresh, without waiting for the loop');
  assert.is(keeper.budgetMs(), 800);
  await settle();
  assert.equal(
    ledger.events.map(({ data }) => data),
    [
      { from: 'fallback', to: 'local', why: 'local:ready' },
      { from: 'local', to: 'cloud', why: 'local:away' },
    ],
  );
});

keeping(
  'tries a tripped engine with synthetic questions and comes back without customers',
  async () => {
    const { keeper, clock, failLocal, tried, ledger } = openKeeper();
    await start(keeper);
    await failLocal();
    assert.is(keeper.mode(), 'cloud');
    await clock.advance(1_000);
    assert.equal(tried, [], 'not before the back-off');
    await clock.advance(6_000);
    assert.equal(tried, ['local', 'local', 'local']);
    assert.is(keeper.mode(), 'local');
    assert.is(ledger.types().filter((type) => type === 'mode.changed').length, 3);
    assert.equal(
      keeper.modeHistory().map(({ from, to, why }) => `${from} ${to} ${why}`),
      ['fallback local local:ready', 'local cloud local:failures', 'cloud local local:recovered'],
    );
    await keeper.stop();
  },
);

keeping('takes a trial that fails, hangs or throws at once as a bad one, and goes on', async () => {
  for (const broken of [
    () => Promise.reject(new Error('model gone')),
    () => new Promise<void>(() => undefined),
    () => {
      throw new Error('model gone');
    },
  ]) {
    const { keeper, clock, failLocal, tried, engines } = openKeeper();
    await start(keeper);
    await failLocal();
    engines.try = broken;
    await clock.advance(15_000);
    assert.ok(tried.length >= 2 && tried.length <= 4, `${tried.length} trials`);
    assert.is(keeper.mode(), 'cloud');
    engines.try = async () => undefined;
    await clock.advance(60_000);
    assert.is(keeper.mode(), 'local');
    await keeper.stop();
  }
});

keeping('tells an engine on trial that nobody waits for it any more', async () => {
  const { keeper, clock, failLocal, signals, engines } = openKeeper();
  engines.try = () => new Promise<void>(() => undefined);
  await start(keeper);
  await failLocal();
  await clock.advance(1_700);
  assert.equal(
    signals.map(({ aborted }) => aborted),
    [false],
  );
  await clock.advance(200);
  assert.is(signals[0]?.aborted, true);
  await keeper.stop();
});

keeping('stores a change later when the ledger refuses it now', async () => {
  const { keeper, clock, readings, ledger } = openKeeper();
  await start(keeper);
  await clock.advance(500);
  ledger.failure = new StorageError('VAULT_READ_ONLY', { detail: 'the disk is read-only' });
  readings.isEngineReady = false;
  await clock.advance(1_000);
  readings.isCloudReachable = false;
  await clock.advance(1_000);
  assert.is(keeper.mode(), 'fallback');
  assert.is(ledger.events.length, 1);
  ledger.failure = null;
  await clock.advance(1_000);
  assert.equal(
    ledger.events.map(({ data }) => (data as { to: string }).to),
    ['local', 'cloud', 'fallback'],
  );
  await keeper.stop();
});

keeping('tells the 95th percentile of the engine on the box', () => {
  const { keeper } = openKeeper();
  assert.is(keeper.localP95Ms(), null);
  for (let ms = 1; ms <= 100; ms++) keeper.report('local', { ok: true, ms });
  keeper.report('cloud', { ok: true, ms: 900 });
  keeper.report('local', { ok: false, ms: 900 });
  assert.is(keeper.localP95Ms(), 95);
});

keeping('begins nothing after stop', async () => {
  const { keeper, clock, failLocal, tried } = openKeeper();
  await start(keeper);
  await failLocal();
  await keeper.stop();
  await clock.advance(600_000);
  assert.equal(tried, []);
});

keeping.run();
