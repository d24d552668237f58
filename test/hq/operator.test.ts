import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FleetRow, Problem } from '../../src/domain/views.ts';
import type { EventPage } from '../../src/hq/operator/list-events.ts';
import { batchOf } from '../sync/transport-contract.ts';
import { browse, closeHq, enrolBox, type HqWorld, openHq, transportOf } from './hq-world.ts';

const test = suite<{ world: HqWorld; cookie: string }>('operator');
const NEVER = new AbortController().signal;

function signIn(world: HqWorld, key: unknown) {
  return browse(world, '/api/sign-in', { method: 'POST', body: JSON.stringify({ key }) });
}

test.before(async (context) => {
  const world = await openHq();
  context.world = world;
  const answer = await signIn(world, world.report.accessKey);
  context.cookie = answer.headers['set-cookie']?.[0] ?? '';
});
test.after(async ({ world }) => closeHq(world));

test('shows the page to anybody and the fleet to the operator only', async ({ world }) => {
  const page = await browse(world, '/');
  assert.is(page.status, 200);
  assert.match(page.text, '<title>fleet</title>');
  assert.match(String(page.headers['content-security-policy']), "default-src 'self'");
  for (const path of ['/api/fleet', '/api/fleet/box-1/events', '/api/anything']) {
    const answer = await browse(world, path, { cookie: '__Host-operator=guessed' });
    assert.is(answer.status, 401, path);
    assert.is((JSON.parse(answer.text) as Problem).code, 'TRUST_NOT_SIGNED_IN');
  }
});

test('signs in with the key alone, by a cookie that scripts and other sites cannot use', async ({
  world,
  cookie,
}) => {
  for (const word of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/', '__Host-']) {
    assert.match(cookie, word);
  }
  const wrong = await signIn(world, 'not-the-key');
  assert.is(wrong.status, 401);
  assert.is(wrong.headers['set-cookie'], undefined);
  assert.is((await signIn(world, 7)).status, 400);
  const broken = await browse(world, '/api/sign-in', { method: 'POST', body: '{' });
  assert.is((JSON.parse(broken.text) as Problem).code, 'HTTP_BODY_NOT_JSON');
});

test('lists what each appliance sent, each event once', async ({ world, cookie }) => {
  const transport = transportOf(await enrolBox(world, 'box-1'));
  await transport.sendBatch(await batchOf('box-1', 1, 5), NEVER);
  await transport.sendBatch(await batchOf('box-1', 1, 6), NEVER);
  transport.close();
  const rows = JSON.parse((await browse(world, '/api/fleet', { cookie })).text) as FleetRow[];
  const [row] = rows;
  assert.is(rows.length, 1);
  assert.is(row?.site, 'Site of box-1');
  assert.equal(row?.byType, { 'feedback.given': 6 });
  assert.equal(row?.lanes, [
    { lane: 'urgent', watermark: 0, duplicates: 0 },
    { lane: 'normal', watermark: 6, duplicates: 5 },
    { lane: 'bulk', watermark: 0, duplicates: 0 },
  ]);
  const page = async (after: number) => {
    const path = `/api/fleet/box-1/events?after=${after}`;
    return JSON.parse((await browse(world, path, { cookie })).text) as EventPage;
  };
  const first = await page(0);
  assert.equal(
    first.events.map(({ id }) => id),
    [1, 2, 3, 4, 5, 6].map((sequence) => `box-1:1:normal:${sequence}`),
  );
  assert.is(first.events[0]?.type, 'feedback.given');
  assert.equal(await page(first.next), { events: [], next: first.next });
  const odd = await browse(world, '/api/fleet/box-1/events?after=-1', { cookie });
  assert.is(odd.status, 400);
  assert.is((await browse(world, '/api/fleet/constructor/events', { cookie })).status, 404);
});

test('forgets the session at sign-out and takes only the new key after a reset', async ({
  world,
}) => {
  const opened = await signIn(world, world.report.accessKey);
  const cookie = opened.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  assert.is((await browse(world, '/api/fleet', { cookie })).status, 200);
  await browse(world, '/api/sign-out', { method: 'POST', cookie });
  assert.is((await browse(world, '/api/fleet', { cookie })).status, 401);
  const key = await world.hq.resetAccessKey();
  assert.is((await signIn(world, world.report.accessKey)).status, 401);
  assert.is((await signIn(world, key)).status, 204);
});

test.run();
