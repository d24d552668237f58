import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StorageError } from '../../src/domain/errors.ts';
import { incidentsProjection } from '../../src/watch/incidents-projection.ts';
import { ProbeBoard } from '../../src/watch/probe-board.ts';
import type { Probe } from '../../src/watch/probes/probe.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';

const board = suite('ProbeBoard');

/** A board over one probe whose reading the test sets, and one that is always well. */
function openBoard(ledger?: MemoryLedger, clock = new ManualClock()) {
  const warnings: string[] = [];
  const source = { read: (): number | null | Promise<number | null> => 10 };
  const kept = ledger ?? new MemoryLedger(clock);
  const probe = (name: string, read: Probe['read']): Probe => ({
    name,
    title: { zh: name, en: name },
    unit: 'ms',
    source: 'test',
    worse: 'above',
    limits: { warn: 50, fail: 100, needed: 2, of: 3 },
    read,
  });
  const opened = new ProbeBoard({
    probes: [probe('disk', () => source.read()), probe('well', () => 1)],
    ledger: kept,
    incidents: kept.project(incidentsProjection),
    clock,
    log: { debug() {}, info() {}, error() {}, warn: (message) => warnings.push(message) },
    intervalMs: 1_000,
    readTimeoutMs: 200,
  });
  const disk = () => opened.states()[0];
  return { board: opened, ledger: kept, clock, source, warnings, disk };
}

async function running(world: ReturnType<typeof openBoard>): Promise<void> {
  await world.board.start(new AbortController().signal);
  await settle();
}

board('knows nothing before the first reading, then says what it read and when', async () => {
  const world = openBoard();
  assert.is(world.board.health(), 'unknown');
  await running(world);
  assert.is(world.board.health(), 'ok');
  assert.equal(world.disk(), {
    name: 'disk',
    title: { zh: 'disk', en: 'disk' },
    unit: 'ms',
    health: 'ok',
    value: 10,
    threshold: 50,
    readAt: world.clock.now(),
  });
  await world.board.stop();
});

board('opens one incident for a lasting fault and closes it when all is well', async () => {
  const world = openBoard();
  await running(world);
  world.source.read = () => 500;
  await world.clock.advance(1_000);
  assert.is(world.disk()?.health, 'ok', 'one odd reading changes nothing');
  await world.clock.advance(5_000);
  assert.is(world.disk()?.health, 'failing');
  assert.is(world.disk()?.threshold, 100);
  assert.is(world.board.health(), 'failing');
  world.source.read = () => 10;
  await world.clock.advance(2_000);
  assert.is(world.disk()?.health, 'failing');
  await world.clock.advance(1_000);
  assert.is(world.disk()?.health, 'ok');
  assert.equal(world.ledger.types(), ['incident.opened', 'incident.closed']);
  assert.is(world.board.incidents()[0]?.closedAt, world.clock.now());
  await world.board.stop();
});

board('says unknown for a probe that throws, hangs or gives nonsense, and goes on', async () => {
  const world = openBoard();
  await running(world);
  const broken = [
    () => {
      throw new Error('no sensor');
    },
    () => Promise.reject(new Error('no sensor')),
    () => Number.NaN,
    () => null,
    () => new Promise<number>(() => undefined),
  ];
  for (const read of broken) {
    world.source.read = read;
    await world.clock.advance(1_300);
    assert.is(world.disk()?.health, 'unknown');
    assert.is(world.disk()?.value, null);
    assert.is(world.board.states()[1]?.health, 'ok');
    const age = world.clock.now() - (world.board.states()[1]?.readAt ?? 0);
    assert.ok(age <= 1_300, `the other was read ${age} ms ago`);
  }
  assert.is(world.board.health(), 'ok');
  await world.board.stop();
});

board('does not begin a second reading while the first one hangs', async () => {
  const world = openBoard();
  let begun = 0;
  let finish: (value: number) => void = () => undefined;
  world.source.read = () => {
    begun++;
    return new Promise<number>((resolve) => {
      finish = resolve;
    });
  };
  await running(world);
  await world.clock.advance(10_000);
  assert.is(begun, 1);
  assert.is(world.warnings.length, 1, 'the log hears of it once');
  world.source.read = () => 7;
  finish(3);
  await world.clock.advance(2_000);
  assert.is(world.disk()?.value, 7);
  await world.board.stop();
});

board('tries again to store an incident that the ledger refused', async () => {
  const world = openBoard();
  world.ledger.failure = new StorageError('VAULT_READ_ONLY', { detail: 'the disk is read-only' });
  world.source.read = () => 500;
  await running(world);
  await world.clock.advance(5_000);
  assert.is(world.disk()?.health, 'failing');
  assert.equal(world.warnings, ['incidents cannot be stored']);
  world.ledger.failure = null;
  await world.clock.advance(1_000);
  assert.equal(world.ledger.types(), ['incident.opened']);
  await world.board.stop();
});

board('closes an incident that was open when the box was killed', async () => {
  const world = openBoard();
  world.source.read = () => 500;
  await running(world);
  await world.clock.advance(3_000);
  assert.equal(world.ledger.types(), ['incident.opened']);
  await world.board.stop();
  const restarted = openBoard(world.ledger, world.clock);
  await running(restarted);
  assert.equal(world.ledger.types(), ['incident.opened', 'incident.closed']);
  await restarted.board.stop();
});

board('reads nothing more after stop', async () => {
  const world = openBoard();
  await running(world);
  await world.board.stop();
  const readAt = world.disk()?.readAt;
  await world.clock.advance(60_000);
  assert.is(world.disk()?.readAt, readAt);
});

board.run();
