import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ensureCertificates, signClientCertificate } from '../../src/platform/certificates.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { enrol } from '../../src/sync/enrol.ts';
import { HttpsTransport } from '../../src/sync/https/https-transport.ts';
import { checkReceipt } from '../../src/sync/receipt.ts';
import { batchOf, refusedWith } from '../sync/transport-contract.ts';
import {
  buildHq,
  closeHq,
  enrolBox,
  type HqWorld,
  openHq,
  signingRequest,
  transportOf,
} from './hq-world.ts';

const test = suite<{ world: HqWorld }>('enrolment');
const NEVER = new AbortController().signal;

test.before(async (context) => {
  context.world = await openHq();
});
test.after(async ({ world }) => closeHq(world));

/** A stranger's authority, server and client certificate. */
async function stranger(world: HqWorld, appliance: string) {
  const dir = join(world.dir, 'stranger');
  const certificates = await ensureCertificates({ dir, names: [], clock: systemClock });
  const { keyPem, csrPem } = await signingRequest;
  const certPem = await signClientCertificate({
    dir,
    csrPem,
    commonName: appliance,
    clock: systemClock,
  });
  return { ...certificates, client: { keyPem, certPem } };
}

test('lets a box in with the token that the first start wrote, once', async ({ world }) => {
  const token = await readFile(world.report.tokenFile ?? '', 'utf8');
  const enrolment = await enrolBox(world, 'first-box', token);
  assert.is(enrolment.epoch, 1);
  assert.ok(enrolment.notAfter > Date.now() + 300 * 86_400_000);
  const transport = transportOf(enrolment);
  const outcome = await transport.sendBatch(await batchOf('first-box', 1, 3), NEVER);
  const place = { appliance: 'first-box', epoch: 1, lane: 'normal' } as const;
  checkReceipt(outcome.receipt, place, enrolment.receiptKeyPem);
  transport.close();
  await refusedWith('SYNC_ENROLMENT_REFUSED', enrolBox(world, 'second-box', token));
});

test('lets one in of many who use a token together', async ({ world }) => {
  const token = await world.hq.makeToken(null);
  const boxes = ['race-1', 'race-2', 'race-3', 'race-4'];
  const tries = await Promise.allSettled(boxes.map((box) => enrolBox(world, box, token)));
  assert.is(tries.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('refuses a token for another box, a taken name, a broken token and a broken name', async ({
  world,
}) => {
  await enrolBox(world, 'box-t');
  const forOther = await world.hq.makeToken('box-u');
  const open = await world.hq.makeToken(null);
  await refusedWith('SYNC_ENROLMENT_REFUSED', enrolBox(world, 'box-v', forOther));
  await refusedWith('SYNC_ENROLMENT_REFUSED', enrolBox(world, 'box-t', open));
  await refusedWith('SYNC_ENROLMENT_REFUSED', enrolBox(world, 'box-v', open.slice(1)));
  await refusedWith('SYNC_ENROLMENT_REFUSED', enrolBox(world, '../box', open));
  // None of these spent it.
  await enrolBox(world, 'box-v', open);
});

test('begins a new epoch for an emptied box and shuts the old certificate out', async ({
  world,
}) => {
  const before = await enrolBox(world, 'box-e');
  const emptied = await enrolBox(world, 'box-e');
  assert.is(emptied.epoch, 2);
  const old = transportOf(before);
  await refusedWith('SYNC_HQ_REFUSED', old.watermarks(2, NEVER));
  await refusedWith('SYNC_HQ_REFUSED', old.understand('hello', 'en', 2000));
  old.close();
  const renewed = await enrolBox(world, 'box-e', undefined, emptied);
  assert.is(renewed.epoch, 2);
  const transport = transportOf(renewed);
  assert.is((await transport.watermarks(2, NEVER)).length, 3);
  transport.close();
});

test('answers nobody without a certificate of its own, whatever the address', async ({ world }) => {
  const { caPem } = await enrolBox(world, 'box-n');
  const foreign = await stranger(world, 'box-n');
  for (const identity of [null, foreign.client]) {
    const transport = new HttpsTransport({ url: world.url, caPem, identity });
    await refusedWith('SYNC_HQ_REFUSED', transport.watermarks(1, NEVER));
    await refusedWith('SYNC_HQ_REFUSED', transport.sendBatch(await batchOf('box-n', 1, 1), NEVER));
    await refusedWith('SYNC_HQ_REFUSED', transport.understand('hello', 'en', 2000));
    transport.close();
  }
});

test('refuses events that a box sends in the name of another', async ({ world }) => {
  const transport = transportOf(await enrolBox(world, 'box-a'));
  await enrolBox(world, 'box-b');
  await refusedWith('SYNC_HQ_REFUSED', transport.sendBatch(await batchOf('box-b', 1, 3), NEVER));
  transport.close();
});

test('does not speak to a server of another authority', async ({ world }) => {
  const enrolment = await enrolBox(world, 'box-w');
  const foreign = await stranger(world, 'box-w');
  const transport = transportOf({ ...enrolment, caPem: foreign.caPem });
  await refusedWith('SYNC_HQ_NOT_TRUSTED', transport.watermarks(1, NEVER));
  transport.close();
  const [secret] = (await world.hq.makeToken(null)).split('.');
  const pinned = `${secret}.${foreign.caFingerprint}`;
  await refusedWith('SYNC_HQ_NOT_TRUSTED', enrolBox(world, 'box-x', pinned));
});

test('does not give the token to a server that only shows the right authority', async ({
  world,
}) => {
  const { caPem } = await enrolBox(world, 'box-m');
  const foreign = await stranger(world, 'box-m');
  let requests = 0;
  const leaf = foreign.certPem.slice(0, foreign.certPem.indexOf('-----END') + 26);
  const middle = createServer({ key: foreign.keyPem, cert: `${leaf}${caPem}` }, (_, answer) => {
    requests += 1;
    answer.end('{}');
  });
  await new Promise<void>((resolve) => middle.listen(0, '127.0.0.1', resolve));
  const attempt = enrol({
    url: `https://localhost:${(middle.address() as AddressInfo).port}`,
    token: await world.hq.makeToken(null),
    appliance: 'box-y',
    site: 'here',
    previous: null,
    createSigningRequest: () => signingRequest,
  });
  await refusedWith('SYNC_HQ_NOT_TRUSTED', attempt);
  assert.is(requests, 0);
  await new Promise((resolve) => middle.close(resolve));
});

test('says what is wrong with an answer that comes late, not at all, or too long a question', async ({
  world,
}) => {
  const enrolment = await enrolBox(world, 'box-q');
  const transport = transportOf(enrolment);
  await refusedWith('SYNC_HQ_UNREACHABLE', transport.understand('slow', 'en', 60));
  await refusedWith('SYNC_HQ_UNREACHABLE', transport.understand('busy', 'en', 2000));
  await refusedWith('SYNC_HQ_REFUSED', transport.understand('x'.repeat(3000), 'en', 2000));
  const [event] = await batchOf('box-q', 1, 1);
  const facts = { text: 'x'.repeat(1_200_000) };
  const heavy = event ? [{ ...event, data: { facts, personal: null } }] : [];
  await refusedWith('SYNC_BATCH_INVALID', transport.sendBatch(heavy, NEVER));
  transport.close();
  const nobody = transportOf({ ...enrolment, url: 'https://localhost:9' });
  await refusedWith('SYNC_HQ_UNREACHABLE', nobody.watermarks(1, NEVER));
});

test('goes on after a restart where it stopped, over the same connection options', async ({
  world,
}) => {
  const transport = transportOf(await enrolBox(world, 'box-r'));
  await transport.sendBatch(await batchOf('box-r', 1, 4), NEVER);
  await world.hq.stop();
  await refusedWith('SYNC_HQ_UNREACHABLE', transport.watermarks(1, NEVER));
  world.hq = buildHq(world.dir, world.report);
  const report = await world.hq.start(NEVER);
  assert.is(report.accessKey, null);
  assert.is(report.tokenFile, null);
  const outcome = await transport.sendBatch(await batchOf('box-r', 3, 6), NEVER);
  assert.is(outcome.kind === 'accepted' && outcome.duplicates, 2);
  assert.is(outcome.receipt.watermark, 6);
  transport.close();
});

test.run();
