import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { laneOf, type NewEvent } from '../../src/domain/events.ts';
import type {
  LaneReader,
  Ledger,
  PersonalReader,
  Projected,
  Projection,
} from '../../src/domain/ports.ts';
import { createFileRoot } from '../../src/platform/durable-files.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { Vault } from '../../src/vault/vault.ts';
import { MemoryFiles } from './memory-files.ts';
import { codeOf, createNotes, keepLog, note, readAll, startNotes } from './vault-world.ts';

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-vault-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Starts a process that commits numbered notes for ever and prints each acknowledged number. */
function startWriter(folder: string): ChildProcess {
  const script = new URL('./commit-for-ever.ts', import.meta.url).pathname;
  return spawn(process.execPath, ['--import', 'tsx', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('serves the ports of the appliance', async () => {
  const vault = new Vault<NewEvent>({
    files: new MemoryFiles(),
    masterKey: { from: 'value', value: '00'.repeat(32) },
    clock: systemClock,
    log: keepLog(),
    laneOf,
  });
  const ledger: Ledger & LaneReader = vault.ledger;
  const personal: PersonalReader = vault.personal;
  const documents: { project<S>(projection: Projection<S>): Projected<S> } = vault.documents;
  const counted = documents.project({
    name: 'count',
    version: 1,
    initial: () => ({ tickets: 0 }),
    apply: (state, event) => {
      if (event.type === 'incident.closed') state.tickets++;
    },
    parse: (stored) => stored as { tickets: number },
  });
  await vault.start(new AbortController().signal);
  const data = { incidentId: 'i1' };
  const [event] = await ledger.commit([{ type: 'incident.closed', data, subject: null }]);
  assert.is(event?.lane, 'urgent');
  assert.is(counted.state.tickets, 1);
  assert.equal(event && personal.readPersonal(event), {});
  await vault.stop();
});

test('a wrong master key is found before anything is touched', async () => {
  const files = new MemoryFiles();
  const { ledger, vault } = await startNotes(files);
  await ledger.commit([note('a')]);
  await vault.stop();
  const before = files.paths().map((path) => [path, files.bytesOf(path).toString('hex')]);
  const wrong = createNotes(files, { masterKey: { from: 'value', value: 'b2'.repeat(32) } });
  assert.is(await codeOf(wrong.start()), 'VAULT_KEY_WRONG');
  assert.equal(
    files.paths().map((path) => [path, files.bytesOf(path).toString('hex')]),
    before,
  );
});

test('a vault that does not start leaves its folder to others', async () => {
  await withFolder(async (folder) => {
    const files = createFileRoot(folder);
    await (await startNotes(files)).vault.stop();
    const wrong = createNotes(files, { masterKey: { from: 'value', value: 'b2'.repeat(32) } });
    assert.is(await codeOf(wrong.start()), 'VAULT_KEY_WRONG');
    await (await startNotes(files)).vault.stop();
  });
});

test('killed in the middle, it has every acknowledged event; while alive, nobody else gets in', async () => {
  await withFolder(async (folder) => {
    const acknowledged: string[] = [];
    for (const run of [1, 2]) {
      const target = acknowledged.length + 60 * run;
      const writer = startWriter(folder);
      const exited = new Promise((resolve) => writer.once('exit', resolve));
      for await (const line of createInterface({ input: writer.stdout as NodeJS.ReadableStream })) {
        acknowledged.push(line);
        if (acknowledged.length === target) {
          assert.is(await codeOf(startNotes(createFileRoot(folder))), 'VAULT_LOCKED');
          writer.kill('SIGKILL');
        }
      }
      await exited;
    }
    const { vault } = await startNotes(createFileRoot(folder));
    assert.is(vault.report().recovery.startedFrom, 'crash');
    assert.equal(vault.report().recovery.problems, []);
    const events = await readAll(vault);
    assert.equal(
      events.map(({ sequence }) => sequence),
      events.map((_, i) => i + 1),
    );
    assert.ok(acknowledged.length >= 180);
    const kept = new Map(events.map(({ sequence, data }) => [sequence, data.text]));
    for (const line of acknowledged) {
      const [sequence, text] = line.split(' ');
      assert.is(kept.get(Number(sequence)), text);
    }
    await vault.stop();
  });
});

test.run();
