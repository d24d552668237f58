import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BoxProgram,
  BoxVisit,
  installationWithout,
  scratchFolder,
} from '../support/box-program.ts';

const away = suite('a box without its model');
const scratch = await scratchFolder('models');
const boxes: BoxProgram[] = [];
away.after(async () => {
  for (const box of boxes) await box.stop('SIGKILL');
  await scratch.remove();
});

/** Starts a box at another root and returns it with a client. */
async function startAt(root: string, name: string) {
  const cache = join(scratch.path, 'no-models');
  const environment = { ZHANGGUI_MODEL_CACHE: cache, ZHANGGUI_LOG: 'info' };
  const box = new BoxProgram({ data: join(scratch.path, name), root, environment });
  boxes.push(box);
  await box.start();
  return { box, client: await box.client() };
}

/** The box starts, says so, and still answers. */
async function assertAnswers({ box, client }: Awaited<ReturnType<typeof startAt>>): Promise<void> {
  assert.match(box.out, /^ready in \d+ ms, answering with the fallback engine$/m);
  const ready = await client.get('/readyz');
  assert.equal([ready.status, (ready.body as { ok: boolean }).ok], [200, true]);
  const visit = await BoxVisit.open(client);
  const zh = await visit.say('我的银行卡丢了怎么办');
  assert.equal([zh.receipt.engine, zh.receipt.mode], ['keyword', 'fallback']);
  assert.equal([zh.reply.route, zh.receipt.intent], ['answer', 'banking.lost_card']);
  const en = await visit.say('I was charged twice for one order');
  assert.equal([en.reply.route, en.receipt.intent], ['answer', 'ecommerce.double_charged']);
  const routes = [
    (await visit.say('量子力学是什么')).reply.route,
    (await visit.say('写一首诗')).reply.route,
  ];
  assert.not.ok(routes.includes('answer'), routes.join());
  client.close();
  assert.is(await box.stop(), 0);
}

away('answers by keywords when the model is missing, and the log says why', async () => {
  const root = await installationWithout('missing', join(scratch.path, 'missing'));
  const started = await startAt(root, 'box-missing');
  assert.match(started.box.log, /"code":"MODEL_MISSING"/);
  await assertAnswers(started);
});

away('answers by keywords when one byte of the model is another', async () => {
  const root = await installationWithout('copied', join(scratch.path, 'corrupt'));
  const manifest = JSON.parse(
    await readFile(join(root, 'models', 'encoder', 'manifest.json'), 'utf8'),
  ) as { files: Record<string, unknown> };
  const graph = Object.keys(manifest.files).find((name) => name.endsWith('.onnx')) ?? '';
  const file = join(root, 'models', 'encoder', graph);
  const bytes = await readFile(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(file, bytes);
  const started = await startAt(root, 'box-corrupt');
  assert.match(started.box.log, /"code":"MODEL_HASH_MISMATCH"/);
  assert.ok(started.box.log.includes(graph), 'the log names the file');
  await assertAnswers(started);
});

away.run();
