import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HqEvent } from '../../src/hq/hq-event.ts';
import { createFileRoot } from '../../src/platform/durable-files.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { Delivery } from '../../src/sync/delivery.ts';
import { enrol } from '../../src/sync/enrol.ts';
import { Vault } from '../../src/vault/vault.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { documentOf, feedback, incident, many, readerOf, SILENT, sample } from '../sync/box.ts';
import { signingRequest, transportOf } from './hq-world.ts';

const test = suite<{ running: Running }>('headquarters killed');

test.after(({ running }) => {
  // A test that failed half-way must not leave a process behind.
  running?.child.kill('SIGKILL');
});
const KILLS = 3;

type Running = { readonly child: ChildProcess; readonly port: string; readonly pagePort: string };

/** Starts the real program and waits until it says that it is ready. */
async function startHq(dir: string, port = '0', pagePort = '0'): Promise<Running> {
  const flags = ['--data', dir, '--host', '127.0.0.1', '--port', port, '--page-port', pagePort];
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/hq/main.ts', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const ports: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ports.push(...[...line.matchAll(/https:\/\/localhost:(\d+)/g)].map((match) => match[1] ?? ''));
    if (line.startsWith('headquarters ready')) {
      return { child, pagePort: ports[0] ?? '', port: ports[1] ?? '' };
    }
  }
  throw new Error(`headquarters did not start: ${complaints}`);
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

test('holds every event once after SIGKILLs in the middle of traffic', async (context) => {
  const dir = await mkdtemp(join(tmpdir(), 'hq-kill-'));
  let hq = await startHq(dir);
  context.running = hq;
  const enrolment = await enrol({
    url: `https://localhost:${hq.port}`,
    token: await readFile(join(dir, 'first-enrolment-token'), 'utf8'),
    appliance: 'box-1',
    site: 'here',
    previous: null,
    createSigningRequest: () => signingRequest,
  });
  const ledger = new MemoryLedger(systemClock);
  const delivery = new Delivery({
    ...enrolment,
    reader: readerOf(ledger),
    transport: transportOf(enrolment),
    clock: systemClock,
    random: () => 0.02,
    ledger,
    cursors: documentOf(),
    log: SILENT,
  });
  await delivery.start(new AbortController().signal);
  const lag = (): number => delivery.deliveryState().lanes.reduce((sum, lane) => sum + lane.lag, 0);

  let isBusy = true;
  const traffic = (async () => {
    while (isBusy) {
      await ledger.commit([...many(3, feedback), incident(), sample()]);
      await systemClock.sleep(4);
    }
  })();
  for (let kills = 0; kills < KILLS; kills += 1) {
    // Events must have arrived since the last kill, so that this one falls into traffic.
    const before = ledger.events.length - lag();
    while (ledger.events.length - lag() <= before + 40) await systemClock.sleep(7);
    await kill(hq.child, 'SIGKILL');
    hq = await startHq(dir, hq.port, hq.pagePort);
    context.running = hq;
  }
  isBusy = false;
  await traffic;
  while (lag() > 0) await systemClock.sleep(10);
  await delivery.stop();
  await kill(hq.child, 'SIGTERM');
  assert.is(hq.child.exitCode, 0);

  const held = await readBack(dir);
  const committed = ledger.events.map(
    ({ lane, laneSequence }) => `box-1:1:${lane}:${laneSequence}`,
  );
  assert.is(held.length, committed.length);
  assert.equal([...held].sort(), [...committed].sort());
  await rm(dir, { recursive: true, force: true });
});

/** The ids in headquarters' own ledger: what is counted is what is stored, not what a page says. */
async function readBack(dir: string): Promise<string[]> {
  const vault = new Vault<HqEvent>({
    files: createFileRoot(join(dir, 'vault')),
    masterKey: { from: 'file', path: join(dir, 'master.key'), createIfMissing: false },
    clock: systemClock,
    log: SILENT,
    laneOf: () => 'normal',
  });
  await vault.start(new AbortController().signal);
  const ids: string[] = [];
  for await (const event of vault.ledger.scan(0)) {
    if (event.type === 'event.received') ids.push(event.data.event.id);
  }
  await vault.stop();
  return ids;
}

test.run();
