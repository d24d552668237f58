import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StorageError } from '../../src/domain/errors.ts';
import { dialogueWorld } from '../support/dialogue-world.ts';
import { anIntent, aPack } from '../support/tiny-pack.ts';

const lan = { name: 'lan', displayName: '小兰' };
const wei = { name: 'wei', displayName: '小伟' };

async function waiting() {
  const world = dialogueWorld(aPack([anIntent('tiny.lost_card')]));
  const { sessionId } = await world.visits.open('kiosk', 'zh');
  await world.conversation.askForPerson(sessionId);
  const id = world.escalations.openFor(sessionId)?.id ?? '';
  return { ...world, sessionId, id };
}

async function refused(code: string, work: Promise<unknown>): Promise<void> {
  await work.then(
    () => assert.unreachable(`expected ${code}`),
    (error) => assert.is(error.code, code),
  );
}

const leases = suite('escalations: a claim is a lease');

leases('lets exactly one of two simultaneous claims win', async () => {
  const { escalations, id } = await waiting();
  const results = await Promise.allSettled([
    escalations.claim(id, lan),
    escalations.claim(id, wei),
  ]);
  assert.equal(
    results.map((result) => result.status),
    ['fulfilled', 'rejected'],
  );
  assert.is(escalations.require(id).holder, 'lan');
});

leases('may be claimed after a claim that could not be stored', async () => {
  const { escalations, id, ledger } = await waiting();
  ledger.failure = new StorageError('VAULT_DISK_FULL', { detail: 'told to fail' });
  await refused('VAULT_DISK_FULL', escalations.claim(id, lan));
  ledger.failure = null;
  assert.is((await escalations.claim(id, wei)).holder, 'wei');
});

leases('returns to the queue by itself when the heartbeat stops', async () => {
  const { escalations, id, clock, ledger } = await waiting();
  await escalations.start();
  await escalations.claim(id, lan);
  await clock.advance(40_000);
  await escalations.heartbeat(id, lan);
  await clock.advance(40_000);
  assert.is(escalations.require(id).status, 'claimed');
  await clock.advance(10_000);
  assert.is(escalations.require(id).status, 'waiting');
  assert.is(ledger.types().at(-1), 'escalation.returned');
  await refused('DESK_LEASE_LOST', escalations.send(id, lan, '您好'));
  await escalations.stop();
});

leases('is renewed when its holder claims again', async () => {
  const { escalations, id, clock } = await waiting();
  const first = (await escalations.claim(id, lan)).leaseUntil ?? 0;
  await clock.advance(5_000);
  assert.ok(((await escalations.claim(id, lan)).leaseUntil ?? 0) > first);
  await refused('DESK_ALREADY_CLAIMED', escalations.claim(id, wei));
  await refused('DESK_NOT_HOLDER', escalations.resolve(id, wei, 'solved', ''));
});

leases.run();

const life = suite('escalations: from asking to resolved');

life('carries words both ways, then gives the conversation back to the machine', async () => {
  const { escalations, id, conversation, sessionId, engine, desk } = await waiting();
  engine.local = [{ intent: 'tiny.lost_card', probability: 0.9 }];
  await escalations.claim(id, lan);
  await conversation.takeTurn(sessionId, { text: '电话是13800138000', turnKey: null });
  await escalations.send(id, lan, '好的，马上处理');
  assert.equal(
    desk.state.escalations[id]?.messages.map(({ from, author, text }) => [from, author, text]),
    [
      ['customer', null, '电话是[手机号]'],
      ['agent', '小兰', '好的，马上处理'],
    ],
  );
  await escalations.resolve(id, lan, 'solved', '已挂失');
  const turn = await conversation.takeTurn(sessionId, { text: '卡丢了', turnKey: null });
  assert.is(turn.reply.route, 'answer');
});

life('takes a customer who leaves out of the queue', async () => {
  const { escalations, id, visits, sessionId } = await waiting();
  await visits.end(sessionId, 'customer');
  assert.is(escalations.require(id).status, 'resolved');
  assert.is(escalations.require(id).outcome, 'customer_left');
});

life('gives a waiting customer four times the patience of an idle one', async () => {
  const { visits, sessionId, clock } = await waiting();
  await visits.start();
  await clock.advance(300_000);
  assert.is(visits.find(sessionId)?.endedAt, null);
  await clock.advance(90_000);
  assert.type(visits.find(sessionId)?.endedAt, 'number');
  await visits.stop();
});

life('tells position, and the wait once there is a basis for it', async () => {
  const world = dialogueWorld(aPack([anIntent('tiny.lost_card')]));
  const { escalations, visits, conversation, clock } = world;
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const { sessionId } = await visits.open('kiosk', 'zh');
    await conversation.askForPerson(sessionId);
    ids.push(escalations.openFor(sessionId)?.id ?? '');
    await clock.advance(1_000);
  }
  assert.equal(
    ids.map((id) => escalations.position(id)),
    [1, 2, 3],
  );
  assert.is(escalations.waitSeconds(ids[0] ?? ''), null);
  for (const id of ids) await escalations.claim(id, lan);
  await escalations.release(ids[2] ?? '', lan);
  assert.equal(escalations.position(ids[2] ?? ''), 1);
  assert.is(escalations.waitSeconds(ids[2] ?? ''), 2);
});

life.run();
