import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChatMessage } from '../../src/domain/desk.ts';
import type { EscalationView, VisitEscalation } from '../../src/domain/views.ts';
import { apiWorld, visiting } from '../support/api-world.ts';
import { settle } from '../support/manual-clock.ts';

const streams = suite('event streams');

type Frame = { readonly event: string; readonly value: unknown };

/** Reads server-sent events as a page does. */
class Reader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #rest = '';
  readonly #frames: Frame[] = [];

  constructor(response: Response) {
    assert.is(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    if (!response.body) throw new Error('the answer has no stream');
    this.#reader = response.body.getReader();
  }

  /** The next `count` frames. */
  async take(count: number): Promise<Frame[]> {
    while (this.#frames.length < count) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      this.#read(this.#decoder.decode(value, { stream: true }));
    }
    return this.#frames.splice(0, count);
  }

  /** Whether the server has closed the stream. */
  async isClosed(): Promise<boolean> {
    return (await this.#reader.read()).done;
  }

  leave(): Promise<void> {
    return this.#reader.cancel();
  }

  #read(chunk: string): void {
    const blocks = (this.#rest + chunk).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (event && data) this.#frames.push({ event, value: JSON.parse(data) as unknown });
    }
  }
}

const names = (frames: readonly Frame[]) => frames.map(({ event }) => event);

async function atTheDesk() {
  const world = await visiting();
  const cookie = await world.staffCookie('agent');
  const desk = (method: string, path: string, body?: unknown) =>
    world.call(method, `/api/v1/desk${path}`, body, { cookie });
  const follow = async (path: string, shown: { token?: string; cookie?: string }) =>
    new Reader(await world.send('GET', path, undefined, shown));
  const { token, path } = world;
  return {
    ...world,
    desk,
    askForPerson: () => world.call('POST', `${path}/person`, undefined, { token }),
    followVisit: () => follow(`${path}/events`, { token }),
    followDesk: () => follow('/api/v1/desk/events', { cookie }),
  };
}

streams('tell the customer of escalation and messages, in order, and of the end', async () => {
  const { desk, askForPerson, followVisit, escalations, sessionId, call, path, token } =
    await atTheDesk();
  const reader = await followVisit();
  await settle();
  await askForPerson();
  const id = escalations.openFor(sessionId)?.id;
  await desk('POST', `/escalations/${id}/claim`);
  for (const text of ['您好', '请稍等', '办好了'])
    await desk('POST', `/escalations/${id}/messages`, { text });
  await desk('POST', `/escalations/${id}/resolve`, { outcome: 'solved' });
  await call('DELETE', path, undefined, { token });
  const frames = await reader.take(7);
  assert.equal(names(frames), [
    ...['escalation', 'escalation', 'message', 'message', 'message', 'escalation', 'ended'],
  ]);
  const standing = frames
    .filter(({ event }) => event === 'escalation')
    .map(({ value }) => value as VisitEscalation);
  assert.equal(
    standing.map(({ status, position, agent }) => [status, position, agent]),
    [
      ['waiting', 1, null],
      ['claimed', null, 'agent 王'],
      ['resolved', null, 'agent 王'],
    ],
  );
  const said = frames.filter(({ event }) => event === 'message');
  assert.equal(
    said.map(({ value }) => (value as ChatMessage).text),
    ['您好', '请稍等', '办好了'],
  );
  assert.equal(frames.at(-1)?.value, { reason: 'customer' });
  assert.ok(await reader.isClosed(), 'a visit that has ended has nothing more to say');
});

streams('begin with how things stand, for a page that comes back', async () => {
  const { askForPerson, followVisit, followDesk, sessionId } = await atTheDesk();
  await askForPerson();
  const [first] = await (await followVisit()).take(1);
  assert.is(first?.event, 'escalation');
  assert.is((first?.value as VisitEscalation | undefined)?.status, 'waiting');
  const [queue, status] = await (await followDesk()).take(2);
  assert.equal([queue?.event, status?.event], ['escalations', 'status']);
  assert.is((queue?.value as EscalationView[] | undefined)?.[0]?.sessionId, sessionId);
});

streams('tell one customer nothing of another', async () => {
  const { followVisit, openVisit, call, desk, escalations, ...own } = await atTheDesk();
  const mine = await followVisit();
  await settle();
  const other = await openVisit();
  const path = `/api/v1/sessions/${other.sessionId}`;
  await call('POST', `${path}/person`, undefined, { token: other.token });
  const id = escalations.openFor(other.sessionId)?.id;
  await desk('POST', `/escalations/${id}/claim`);
  await desk('POST', `/escalations/${id}/messages`, { text: '只给那一位' });
  await call('DELETE', path, undefined, { token: other.token });
  await call('DELETE', own.path, undefined, { token: own.token });
  assert.equal(names(await mine.take(9)), ['ended'], 'nothing came before its own end');
});

streams('show the desk a new escalation with its turns, chat and tickets', async () => {
  const { followDesk, askForPerson, say, submit, desk, escalations, sessionId, engine } =
    await atTheDesk();
  const reader = await followDesk();
  await reader.take(2);
  await askForPerson();
  await say({ text: '我等着' });
  const id = escalations.openFor(sessionId)?.id;
  await desk('POST', `/escalations/${id}/claim`);
  await desk('POST', `/escalations/${id}/messages`, { text: '来了' });
  const values = { contact_name: '王小明', contact_phone: '13800138000' };
  await submit('tiny.lost', { submissionId: 'submission-1', values });
  await desk('POST', `/escalations/${id}/resolve`, { outcome: 'ticket' });
  engine.local = [{ intent: 'tiny.lost_card', probability: 0.9 }];
  await say({ text: '我的卡丢了' });
  const frames = await reader.take(6);
  assert.equal(names(frames), [
    ...['escalation', 'message', 'escalation', 'message', 'ticket', 'escalation'],
  ]);
  assert.not.match(JSON.stringify(frames), /13800138000|王小明/);
});

streams('free what they hold when the reader leaves', async () => {
  const { followVisit, followDesk, listeners, presence } = await atTheDesk();
  assert.is(listeners(), 0);
  const readers = [await followVisit(), await followDesk(), await followDesk()];
  await settle();
  assert.is(listeners(), 3);
  assert.ok(presence.isAnyoneOnline());
  await readers[1]?.leave();
  await settle();
  assert.is(listeners(), 2);
  assert.ok(presence.isAnyoneOnline(), 'the other page of the same person is still open');
  await readers[0]?.leave();
  await readers[2]?.leave();
  await settle();
  assert.is(listeners(), 0);
  assert.not.ok(presence.isAnyoneOnline());
});

streams('keep the line alive and the status fresh', async () => {
  const { followDesk, send, path, token, clock } = await atTheDesk();
  const desk = await followDesk();
  assert.equal(names(await desk.take(2)), ['escalations', 'status']);
  for (let beat = 0; beat < 2; beat += 1) {
    await clock.advance(5_000);
    assert.equal(names(await desk.take(1)), ['status']);
  }
  const response = await send('GET', `${path}/events`, undefined, { token });
  const raw = response.body?.getReader();
  await settle();
  await clock.advance(15_000);
  assert.match(new TextDecoder().decode((await raw?.read())?.value), /^: alive\n\n/);
});

streams('let a reader go that does not keep up, and the box goes on', async () => {
  const { followVisit, askForPerson, desk, escalations, sessionId, listeners } = await atTheDesk();
  await followVisit();
  await askForPerson();
  const id = escalations.openFor(sessionId)?.id ?? '';
  await desk('POST', `/escalations/${id}/claim`);
  const before = listeners();
  for (let message = 0; message < 400 && listeners() === before; message += 1)
    await desk('POST', `/escalations/${id}/messages`, { text: `第 ${message} 句` });
  await settle();
  assert.is(listeners(), 0);
  assert.is((await desk('GET', '/escalations')).status, 200);
});

streams('stay closed to whoever shows nothing', async () => {
  const { call } = apiWorld();
  assert.is((await call('GET', '/api/v1/desk/events')).status, 401);
  assert.is((await call('GET', '/api/v1/sessions/nobody/events')).status, 404);
});

streams.run();
