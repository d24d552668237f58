import { execFile } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { realEdges } from '../../src/appliance/edges.ts';
import { createAppliance } from '../../src/appliance.ts';
import { until } from '../../src/commands/smoke/expect.ts';
import { HttpsClient } from '../../src/commands/smoke/https-client.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import {
  BoxProgram,
  BoxVisit,
  installationWithout,
  scratchFolder,
} from '../support/box-program.ts';
import { diskError, MemoryFiles } from '../vault/memory-files.ts';

const fullDisk = suite('a box whose disk is full');
const run = promisify(execFile);
const scratch = await scratchFolder('disk');
const root = await installationWithout('missing', join(scratch.path, 'root'));
const mounted = join(scratch.path, 'mounted');
await mkdir(mounted);
/** A real disk that is really full, where this user may mount one. */
const canMount = await run('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', mounted]).then(
  () => true,
  () => false,
);
fullDisk.after(async () => {
  if (canMount) await run('umount', ['--lazy', mounted]);
  await scratch.remove();
});

/** What a disk can do to a box, real or in memory. */
type Disk = { fill(): Promise<void>; free(): Promise<void> };

/** Customers are answered while nothing can be stored, nothing is promised, and all is well afterwards. */
async function assertSurvives(disk: Disk, connect: () => Promise<HttpsClient>): Promise<void> {
  const client = await connect();
  const visit = await BoxVisit.open(client);
  assert.is((await visit.say('我的银行卡丢了怎么办')).receipt.recorded, true);

  await disk.fill();
  // The ledger writes on for as long as the space that it took beforehand lasts.
  const unrecorded = await until(
    30_000,
    async () => {
      const turn = await visit.say('我的银行卡丢了怎么办');
      return turn.receipt.recorded ? null : turn;
    },
    'the ledger is full',
  );
  assert.is(unrecorded.reply.route, 'answer', 'the answer still goes out');
  const wish = await visit.say('我要找真人');
  assert.equal([wish.reply.route, wish.receipt.recorded], ['fallback', false]);
  assert.match(wish.reply.text, /柜台/, 'nobody is promised whom nobody called');
  const ready = await client.get('/readyz');
  assert.is(ready.status, 200, JSON.stringify(ready.body));
  const other = await connect();
  const newcomer = await BoxVisit.open(other);
  const answer = await newcomer.say('I was charged twice for one order');
  assert.equal([answer.reply.route, answer.receipt.recorded], ['answer', false]);

  await disk.free();
  await assertRecordsAgain(visit);
  assert.is((await newcomer.say('Where is my parcel?')).receipt.recorded, true);
  assert.is((await newcomer.say('我要找真人')).reply.route, 'handoff');
  client.close();
  other.close();
}

async function assertRecordsAgain(visit: BoxVisit): Promise<void> {
  await until(
    10_000,
    async () => {
      await sleep(200);
      return (await visit.say('我的银行卡丢了怎么办')).receipt.recorded || null;
    },
    'the ledger writes again',
  );
}

fullDisk('goes on answering, in memory', async () => {
  const config = await loadConfig(root, {
    ZHANGGUI_DATA: join(scratch.path, 'in-memory'),
    ZHANGGUI_HOST: '127.0.0.1',
    ZHANGGUI_HTTPS_PORT: '0',
    ZHANGGUI_HTTP_PORT: 'off',
    ZHANGGUI_LOG: 'silent',
    ZHANGGUI_TURNS_PER_SECOND: '10000',
  });
  const files = new MemoryFiles();
  const box = await createAppliance(config, { ...realEdges(config), files });
  const { httpsPort } = await box.start(new AbortController().signal);
  try {
    const ca = await readFile(join(config.paths.data, 'certificates', 'ca.crt'), 'utf8');
    await assertSurvives(
      {
        fill: async () => {
          files.disk.fault = (operation) =>
            ['write', 'open-create'].includes(operation) ? diskError('ENOSPC') : null;
        },
        free: async () => {
          files.disk.fault = () => null;
        },
      },
      async () => new HttpsClient(`https://localhost:${httpsPort}`, ca),
    );
  } finally {
    await box.stop();
  }
});

if (canMount)
  fullDisk('goes on answering, on a real disk, and opens again', async () => {
    const data = join(mounted, 'box');
    const box = new BoxProgram({ data, root, environment: { ZHANGGUI_LOG: 'warn' } });
    const filler = join(mounted, 'filler');
    try {
      await box.start();
      const disk = { fill: () => fillUp(filler), free: () => rm(filler) };
      await assertSurvives(disk, () => box.client());
      assert.match(box.log, /"code":"VAULT_DISK_FULL"|VAULT_DISK_FULL/);
      await disk.fill();
      await box.stop('SIGKILL');
      await box.start();
      assert.match(box.log, /this start could not be recorded/);
      const client = await box.client();
      const visit = await BoxVisit.open(client);
      const turn = await visit.say('我的银行卡丢了怎么办');
      assert.equal([turn.reply.route, turn.receipt.recorded], ['answer', false]);
      await disk.free();
      await assertRecordsAgain(visit);
      client.close();
      assert.is(await box.stop('SIGTERM'), 0);
    } finally {
      await box.stop('SIGKILL');
    }
  });

/** Writes until there is no space left. */
async function fillUp(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let size = 64 * 1024; size >= 1024; ) {
      const isWritten = await file.write(Buffer.alloc(size)).then(
        ({ bytesWritten }) => bytesWritten === size,
        () => false,
      );
      if (!isWritten) size = Math.floor(size / 2);
    }
  } finally {
    await file.close();
  }
}

fullDisk.run();
