import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ledger } from '../../src/commands/ledger.ts';
import { laneOf, type NewEvent } from '../../src/domain/events.ts';
import { createFileRoot } from '../../src/platform/durable-files.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { Vault } from '../../src/vault/vault.ts';
import { silentLog } from '../support/dialogue-world.ts';

const verify = suite('zhanggui ledger verify');

const data = await mkdtemp(join(tmpdir(), 'verify-'));
const segments = join(data, 'vault', 'ledger');
verify.after(() => rm(data, { recursive: true, force: true }));

/** A short life of a box: three starts, ten events each. */
async function live(): Promise<void> {
  for (let start = 0; start < 3; start += 1) {
    const vault = new Vault<NewEvent>({
      ...{ files: createFileRoot(join(data, 'vault')), clock: systemClock, log: silentLog, laneOf },
      masterKey: { from: 'file', path: join(data, 'master.key'), createIfMissing: true },
    });
    await vault.start(new AbortController().signal);
    for (let turn = 0; turn < 10; turn += 1)
      await vault.ledger.commit([
        { type: 'session.ended', subject: 'a', data: { sessionId: 'a', reason: 'idle' } },
      ]);
    await vault.stop();
  }
}

async function run(...args: string[]) {
  const before = { ...process.env };
  process.env['ZHANGGUI_DATA'] = data;
  const lines: string[] = [];
  const io = {
    root: process.cwd(),
    print: (line: string) => lines.push(line),
    stopped: new AbortController().signal,
  };
  try {
    return { code: await ledger(['verify', ...args], io), lines };
  } finally {
    process.env = before;
  }
}

verify('says that an undamaged ledger is whole', async () => {
  await live();
  const { code, lines } = await run();
  assert.is(code, 0, lines.join('\n'));
  assert.match(lines[0] ?? '', /^30 events in \d segment\(s\), up to 30$/);
  assert.match(lines[1] ?? '', /^chain head [0-9a-f]{64}$/);
  assert.is(lines.at(-1), 'the ledger is whole');
  assert.is((JSON.parse((await run('--json')).lines.join('')) as { ok: boolean }).ok, true);
});

verify('names segment and events when one byte of them is another', async () => {
  const [name = ''] = (await readdir(segments)).sort();
  const file = join(segments, name);
  const whole = await readFile(file);
  // Where events begin and end in the file is the ledger's business: a byte in the middle of the
  // written part is in one of the ten that this start has committed.
  const written = whole.length - [...whole].reverse().findIndex((byte) => byte !== 0);
  const damaged = Buffer.from(whole);
  const at = Math.floor(written / 2);
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  await writeFile(file, damaged);
  const { code, lines } = await run();
  assert.is(code, 1);
  const found = lines.map((line) => /^(\S+), events (\d+) to (\d+|the end): .+/.exec(line));
  const problem = found.find((match) => match !== null);
  assert.is(problem?.[1], name, lines.join('\n'));
  const from = Number(problem?.[2]);
  assert.ok(from >= 1 && from <= 10, `from ${from}`);
  assert.match(lines.at(-1) ?? '', /^\d+ problem\(s\)$/);
  await writeFile(file, whole);
  assert.is((await run()).code, 0, 'verifying has changed nothing');
});

verify('refuses to guess with another key', async () => {
  const file = join(data, 'master.key');
  const own = await readFile(file);
  await writeFile(file, `${Buffer.alloc(32, 9).toString('base64')}\n`);
  const refused = await run().catch((error: { code?: string }) => error);
  await writeFile(file, own);
  assert.is(refused.code, 'VAULT_KEY_WRONG');
});

verify.run();
