import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ModelError } from '../../../src/domain/errors.ts';
import type { Log } from '../../../src/domain/ports.ts';
import { EncoderPool } from '../../../src/inference/encoder/encoder-pool.ts';
import type { Settled } from '../../../src/inference/encoder/request-queue.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeEncoderPort } from './fake-encoder-port.ts';

const test = suite('encoder-pool');
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const LIMITS = { queueLimit: 8, maxBatch: 4, stallMs: 1_000 };

function setUp(ports = 1) {
  const clock = new ManualClock();
  const deaths: ModelError[] = [];
  const pool = new EncoderPool(LIMITS, { clock, log }, (error) => deaths.push(error));
  const threads = Array.from({ length: ports }, () => new FakeEncoderPort());
  for (const thread of threads) pool.attach(thread);
  const outcomes = new Map<string, string>();
  const ask = (text: string, deadlineMs = 500, type: 'embed' | 'understand' = 'understand') => {
    const settle = (outcome: Settled): void => {
      assert.not.ok(outcomes.has(text), `${text} is settled once`);
      const { type: kind } = outcome;
      if (kind === 'understood') {
        outcomes.set(text, outcome.readings[0]?.candidates[0]?.intent ?? 'nothing');
      } else if (kind === 'embedded') outcomes.set(text, `${outcome.vectors[0]}`);
      else outcomes.set(text, outcome.error.code);
    };
    pool.submit({ type, texts: [text], deadlineTick: clock.tick() + deadlineMs, settle });
  };
  return { clock, pool, threads, thread: threads[0] as FakeEncoderPort, deaths, outcomes, ask };
}

const textsOf = (thread: FakeEncoderPort) => thread.asked.map(({ texts }) => texts);

test('sends a request to an idle thread at once, alone', () => {
  const { thread, ask, outcomes } = setUp();
  ask('a');
  assert.equal(textsOf(thread), [['a']]);
  thread.answer();
  assert.is(outcomes.get('a'), 'a');
});

test('gathers requests while the thread is busy and answers each with its own reading', () => {
  const { thread, ask, outcomes } = setUp();
  for (const text of ['a', 'b', 'c', 'd']) ask(text);
  assert.equal(textsOf(thread), [['a']], 'the others wait: their batch could still grow');
  thread.answer();
  assert.equal(textsOf(thread), [['b', 'c', 'd']]);
  thread.answer();
  assert.equal(
    [...outcomes],
    [...'abcd'].map((text) => [text, text]),
  );
});

test('queues one full batch behind the running one, and no more', () => {
  const { thread, ask } = setUp();
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) ask(text);
  assert.equal(textsOf(thread), [['a'], ['b', 'c', 'd', 'e']]);
});

test('puts texts of similar length together, the oldest always among them', () => {
  const { thread, ask } = setUp();
  const [short, long] = [(at: number) => `s${at}`, (at: number) => `${'长'.repeat(40)}${at}`];
  ask('first');
  for (const at of [1, 2]) ask(long(at));
  ask(short(1));
  assert.is(thread.asked.length, 1);
  ask(short(2));
  for (const text of [short(3), short(4), long(3)]) ask(text);
  thread.answer();
  assert.equal(textsOf(thread)[0]?.slice(0, 2), [long(1), long(2)], 'arrived first');
  thread.answer();
  assert.equal(textsOf(thread)[0]?.slice(0, 2), [short(3), short(4)]);
});

test('keeps embedding apart from understanding', () => {
  const { thread, ask, outcomes } = setUp();
  ask('a');
  ask('bb', 500, 'embed');
  ask('c');
  thread.answer();
  assert.equal(textsOf(thread), [['bb']]);
  thread.answer();
  assert.is(outcomes.get('bb'), '2');
  assert.equal(textsOf(thread), [['c']]);
});

test('spreads over idle threads', () => {
  const { threads, ask } = setUp(2);
  ask('a');
  ask('b');
  assert.equal(threads.map(textsOf), [[['a']], [['b']]]);
});

test('refuses when the queue is full and goes on when it is not', () => {
  const { thread, ask, outcomes } = setUp();
  for (let at = 0; at < 1 + 4 + 8; at += 1) ask(`t${at}`);
  assert.is(outcomes.size, 0);
  ask('one too many');
  assert.is(outcomes.get('one too many'), 'MODEL_QUEUE_FULL');
  thread.answer();
  ask('fits again');
  assert.not.ok(outcomes.has('fits again'));
});

test('times a waiting request out and never computes it', async () => {
  const { clock, thread, ask, outcomes } = setUp();
  ask('slow', 10_000);
  ask('late', 100);
  ask('patient', 10_000);
  await clock.advance(99);
  assert.is(outcomes.size, 0);
  await clock.advance(30);
  assert.is(outcomes.get('late'), 'MODEL_TIMEOUT');
  thread.answer();
  assert.equal(textsOf(thread), [['patient']]);
});

test('drops a request whose deadline passed between two looks, before computing it', async () => {
  const { clock, thread, ask, outcomes } = setUp();
  ask('slow', 10_000);
  await clock.advance(20);
  ask('late', 1);
  ask('patient', 10_000);
  await clock.advance(2);
  thread.answer();
  assert.is(outcomes.get('late'), 'MODEL_TIMEOUT');
  assert.equal(textsOf(thread), [['patient']]);
});

test('answers the caller in time while the thread is still computing, and ignores what comes later', async () => {
  const { clock, thread, ask, outcomes } = setUp();
  ask('a', 100);
  await clock.advance(130);
  assert.is(outcomes.get('a'), 'MODEL_TIMEOUT');
  thread.answer();
  assert.is(outcomes.get('a'), 'MODEL_TIMEOUT');
});

test('rejects everything with a retryable error when a thread dies', () => {
  const { threads, thread, ask, outcomes, deaths } = setUp(2);
  for (const text of ['a', 'b', 'c']) ask(text);
  thread.die('exit code 139');
  assert.equal([...outcomes.values()], Array(3).fill('MODEL_NOT_READY'));
  assert.is(deaths.length, 1);
  assert.ok(deaths[0]?.retryable);
  assert.match(deaths[0]?.message ?? '', 'exit code 139');
  assert.ok(threads.every(({ isTerminated }) => isTerminated));
  ask('after');
  assert.is(outcomes.get('after'), 'MODEL_NOT_READY');
});

test('takes a thread that says nothing for dead', async () => {
  const { clock, ask, outcomes, deaths } = setUp();
  ask('a', 60_000);
  await clock.advance(1_000);
  assert.is(deaths.length, 0);
  await clock.advance(50);
  assert.match(deaths[0]?.message ?? '', 'has not answered');
  assert.is(outcomes.get('a'), 'MODEL_NOT_READY');
});

test('passes on the code with which a thread refuses a batch', () => {
  const { thread, ask, outcomes } = setUp();
  ask('a');
  const id = thread.asked[0]?.id ?? 0;
  thread.say({ type: 'refused', id, code: 'MODEL_OUTPUT_SHAPE', detail: 'wrong shape' });
  assert.is(outcomes.get('a'), 'MODEL_OUTPUT_SHAPE');
});

test('rejects what waits when it is closed, and reports no death', async () => {
  const { pool, thread, ask, outcomes, deaths } = setUp();
  ask('a');
  const { ModelError } = await import('../../../src/domain/errors.ts');
  await pool.close(new ModelError('MODEL_NOT_READY', { detail: 'stopped' }));
  thread.die('exit code 0');
  assert.is(outcomes.get('a'), 'MODEL_NOT_READY');
  assert.is(deaths.length, 0);
});

test.run();
