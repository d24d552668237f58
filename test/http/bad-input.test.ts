import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TurnView } from '../../src/domain/views.ts';
import { problemOf, visiting } from '../support/api-world.ts';

const badInput = suite('bad input over HTTP');

badInput('says what is wrong with a body that is not JSON', async () => {
  const { say } = await visiting();
  for (const raw of ['', '{', 'text=hello', '{"text":"a"', '\u0000', '{"text":"a"}{}', '[1,]']) {
    const answer = await say(undefined, { raw });
    assert.is(answer.status, 400, raw);
    assert.is(problemOf(answer).code, 'HTTP_BODY_NOT_JSON', raw);
  }
});

badInput('names the field of a wrong type, and takes no field that it does not know', async () => {
  const { say, call, path, token, ledger } = await visiting();
  const committed = ledger.events.length;
  const bodies = [
    null,
    42,
    'hello',
    [],
    {},
    { text: 42 },
    { text: null },
    { text: ['a'] },
    { text: 'a', turnKey: 7 },
    { text: 'a', turnKey: '' },
    { text: 'a', intent: 'tiny.lost_card' },
    { text: 'a', admin: true },
    { intent: { $ne: null } },
    { text: 'a', turnKey: 'k'.repeat(65) },
  ];
  for (const body of bodies) {
    const answer = await say(body);
    assert.is(answer.status, 422, JSON.stringify(body));
    assert.is(problemOf(answer).code, 'HTTP_INPUT_INVALID');
  }
  const feedback = async (body: unknown) =>
    problemOf(await call('POST', `${path}/feedback`, body, { token }));
  assert.match((await feedback({ turn: -1, helpful: true })).detail, /turn/);
  assert.match((await feedback({ turn: 1, helpful: 'yes' })).detail, /helpful/);
  assert.is((await feedback({ turn: 9, helpful: true })).code, 'HTTP_INPUT_INVALID');
  assert.is(ledger.events.length, committed, 'nothing of it is stored');
});

badInput('stops at a body of a megabyte, told or not how long it is', async () => {
  const { say, logged } = await visiting();
  const big = JSON.stringify({ text: 'a'.repeat(1 << 20) });
  const told = await say(undefined, { raw: big, headers: { 'content-length': `${big.length}` } });
  assert.is(told.status, 413);
  assert.is(problemOf(told).code, 'HTTP_BODY_TOO_LARGE');
  const pieces = new ReadableStream({
    start(controller) {
      for (let at = 0; at < big.length; at += 16_384)
        controller.enqueue(new TextEncoder().encode(big.slice(at, at + 16_384)));
      controller.close();
    },
  });
  const untold = await say(undefined, { raw: pieces });
  assert.is(untold.status, 413);
  assert.is(problemOf(untold).code, 'HTTP_BODY_TOO_LARGE');
  assert.equal(logged, [], 'a customer’s long text is no fault of the box');
});

badInput('asks for a question when there is none in the text', async () => {
  const { say, ledger } = await visiting();
  const empty = [
    '',
    '   ',
    '\n\t',
    '？！…',
    '😀😀👍',
    '\u0000\u0007\u001b',
    '\u200b\u200d\ufeff',
    '\u202e',
  ];
  for (const text of empty) {
    const answer = await say({ text });
    assert.is(answer.status, 422, JSON.stringify(text));
    assert.is(problemOf(answer).code, 'TURN_TEXT_EMPTY', JSON.stringify(text));
  }
  assert.equal(ledger.types(), ['session.opened']);
});

badInput('asks for less when the text is too long, counted as people count', async () => {
  const { say } = await visiting();
  assert.is((await say({ text: '卡'.repeat(500) })).status, 200);
  const long = await say({ text: '卡'.repeat(501) });
  assert.is(long.status, 422);
  assert.is(problemOf(long).code, 'TURN_TEXT_TOO_LONG');
  assert.is(
    (await say({ text: '𠮷'.repeat(500) })).status,
    200,
    'two UTF-16 units are one character',
  );
  assert.is((await say({ text: 'a'.repeat(20_001) })).status, 422);
});

badInput('reads through control characters and lone surrogates', async () => {
  const { say, engine } = await visiting();
  engine.local = [{ intent: 'tiny.lost_card', probability: 0.9 }];
  for (const text of ['我的\u0000卡\u001b[31m丢了', '我的卡丢了\ud800', '\u202e我的卡丢了']) {
    const answer = await say({ text });
    assert.is(answer.status, 200, JSON.stringify(text));
    const { turn } = answer.body as TurnView;
    assert.is(turn.reply.route, 'answer');
    assert.not.match(turn.text, /[\p{Cc}\p{Cf}]/u);
  }
});

badInput('tells who writes another script which languages it speaks', async () => {
  const { say } = await visiting();
  for (const text of [
    'Где моя карта?',
    'أين بطاقتي',
    'カードをなくしました',
    '카드를 잃어버렸어요',
    'मेरा कार्ड',
  ]) {
    const { turn } = (await say({ text })).body as TurnView;
    assert.match(turn.reply.text, /中文|Chinese/, text);
    assert.match(turn.reply.text, /英文|English/, text);
    assert.ok(turn.reply.choices.some((choice) => choice.action.type === 'person'));
  }
});

badInput.run();
