import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StorageError } from '../../src/domain/errors.ts';
import { dialogueWorld } from '../support/dialogue-world.ts';
import { anIntent, aPack } from '../support/tiny-pack.ts';

const pack = aPack([
  anIntent('tiny.lost_card', { form: 'tiny.lost', followUps: ['tiny.new_card', 'other.gone'] }),
  anIntent('tiny.new_card', {
    answer: { zh: '请拨打 {{hotline}}', en: 'Call {{hotline}}' },
    utterances: { zh: ['补办新卡'], en: ['new card please'] },
  }),
  anIntent('tiny.human', { behaviour: 'person', utterances: { zh: ['转人工'], en: ['agent'] } }),
  anIntent('tiny.repeat', { behaviour: 'repeat', utterances: { zh: ['再说一遍'], en: ['again'] } }),
  anIntent('tiny.restart', { behaviour: 'restart', utterances: { zh: ['重来'], en: ['restart'] } }),
]);

async function opened(facts = { hotline: { zh: '95500', en: '95500' } }) {
  const world = dialogueWorld(pack, facts);
  const { sessionId } = await world.visits.open('kiosk', 'zh');
  const say = (text: string, turnKey: string | null = null) =>
    world.conversation.takeTurn(sessionId, { text, turnKey });
  const tap = (intent: string) => world.conversation.takeTurn(sessionId, { intent, turnKey: null });
  return { ...world, sessionId, say, tap };
}

const sure = [
  { intent: 'tiny.lost_card', probability: 0.9 },
  { intent: 'tiny.new_card', probability: 0.05 },
];
const torn = [
  { intent: 'tiny.lost_card', probability: 0.48 },
  { intent: 'tiny.new_card', probability: 0.44 },
];

const ladder = suite('conversation: the ladder');

ladder(
  'answers when the engine is sure, with the form and active follow-ups as buttons',
  async () => {
    const { say, engine, ledger } = await opened();
    engine.local = sure;
    const turn = await say('我的银行卡丢了，怎么办？');
    assert.is(turn.reply.route, 'answer');
    assert.equal(
      turn.reply.choices.map((choice) => choice.action),
      [
        { type: 'form', form: 'tiny.lost' },
        { type: 'intent', intent: 'tiny.new_card' },
      ],
    );
    assert.is(turn.receipt.engine, 'local');
    assert.is(turn.receipt.intent, 'tiny.lost_card');
    assert.ok(Math.abs(turn.receipt.margin - 0.85) < 1e-9);
    assert.is(turn.receipt.recorded, true);
    assert.equal(ledger.types(), ['session.opened', 'turn.recorded']);
  },
);

ladder('offers choices when two intents are close, and a way to a person', async () => {
  const { say, engine } = await opened();
  engine.local = torn;
  const { reply } = await say('卡');
  assert.is(reply.route, 'choose');
  assert.equal(
    reply.choices.map((choice) => choice.action.type),
    ['intent', 'intent', 'person'],
  );
});

ladder('asks to rephrase once, then fetches a person in the same commit as the reply', async () => {
  const { say, engine, ledger, desk, sessionId } = await opened();
  engine.local = [{ intent: 'tiny.lost_card', probability: 0.1 }];
  assert.is((await say('火星上有水吗')).reply.route, 'rephrase');
  const second = await say('那木星呢');
  assert.is(second.reply.route, 'handoff');
  assert.equal(ledger.types().slice(-2), ['turn.recorded', 'escalation.opened']);
  const [escalation] = Object.values(desk.state.escalations);
  assert.is(escalation?.reason, 'not_understood');
  assert.is(escalation?.summary, '那木星呢');
  assert.is(escalation?.sessionId, sessionId);
});

ladder('forgets its misses after an answer', async () => {
  const { say, engine } = await opened();
  engine.local = [];
  await say('嗯嗯嗯');
  engine.local = sure;
  await say('卡丢了');
  engine.local = [];
  assert.is((await say('啊啊啊')).reply.route, 'rephrase');
});

ladder('answers a tapped choice without asking any engine', async () => {
  const { tap, engine } = await opened();
  const turn = await tap('tiny.new_card');
  assert.is(turn.reply.text, '请拨打 95500');
  assert.is(turn.receipt.engine, 'button');
  assert.equal(engine.asked, []);
});

ladder('fetches a person instead of showing an answer whose fact is missing', async () => {
  const { tap, desk } = await opened({} as never);
  const turn = await tap('tiny.new_card');
  assert.is(turn.reply.route, 'handoff');
  assert.not.match(turn.reply.text, /\{\{/);
  assert.is(Object.values(desk.state.escalations)[0]?.reason, 'answer_incomplete');
});

ladder('replies in the language of the question', async () => {
  const { say, engine } = await opened();
  engine.local = sure;
  assert.is((await say('I lost my card')).reply.language, 'en');
  assert.is((await say('我的card丢了')).reply.language, 'zh');
});

ladder('says which languages it speaks when asked in another', async () => {
  const { say, engine } = await opened();
  const turn = await say('カードをなくしました');
  assert.is(turn.reply.route, 'rephrase');
  assert.match(turn.reply.text, /中文和英文/);
  assert.equal(engine.asked, []);
});

ladder.run();

const control = suite('conversation: control words');

control('fetches a person when asked for one, once', async () => {
  const { say, engine, escalations, sessionId, ledger } = await opened();
  engine.local = [{ intent: 'tiny.human', probability: 0.95 }];
  assert.is((await say('转人工')).reply.route, 'handoff');
  assert.ok(escalations.isOpen(sessionId));
  const again = await say('人呢');
  assert.is(again.reply.route, 'relay');
  assert.is(ledger.types().filter((type) => type === 'escalation.opened').length, 1);
  assert.is(ledger.types().at(-1), 'message.sent');
});

control('repeats the last reply, and starts over', async () => {
  const { say, engine, visits, sessionId } = await opened();
  engine.local = sure;
  const first = await say('卡丢了');
  engine.local = [{ intent: 'tiny.repeat', probability: 0.95 }];
  assert.is((await say('再说一遍')).reply.text, first.reply.text);
  engine.local = [{ intent: 'tiny.restart', probability: 0.95 }];
  await say('重来');
  assert.is(visits.find(sessionId)?.restartedAfter, 3);
  engine.local = [{ intent: 'tiny.repeat', probability: 0.95 }];
  assert.match((await say('再说一遍')).reply.text, /还没开始/);
});

control.run();

const engines = suite('conversation: engines');

engines('goes to headquarters with masked text when the box cannot answer', async () => {
  const { say, engine, ledger } = await opened();
  engine.local = null;
  engine.cloud = sure;
  const turn = await say('我的卡丢了，电话13800138000');
  assert.is(turn.receipt.engine, 'cloud');
  assert.equal(engine.asked, [
    'local: 我的卡丢了,电话13800138000',
    'cloud: 我的卡丢了，电话[手机号]',
  ]);
  assert.equal(engine.reports, ['local failed', 'cloud ok']);
  assert.not.match(JSON.stringify(ledger.events), /13800138000/);
});

engines('answers from keywords when headquarters is away too', async () => {
  const { say, engine } = await opened();
  engine.local = null;
  const turn = await say('我的卡丢了');
  assert.is(turn.receipt.engine, 'keyword');
  assert.is(turn.receipt.intent, 'tiny.lost_card');
  assert.is(turn.reply.route, 'answer');
});

engines('asks no model at all in fallback mode', async () => {
  const { say, engine } = await opened();
  engine.mode = 'fallback';
  assert.is((await say('补办新卡')).receipt.intent, 'tiny.new_card');
  assert.equal(engine.asked, []);
});

engines.run();

const safety = suite('conversation: nothing is doubled or promised in vain');

safety('gives a repeated request the same turn', async () => {
  const { say, engine, ledger } = await opened();
  engine.local = sure;
  const [first, second] = await Promise.all([say('卡丢了', 'key-1'), say('卡丢了', 'key-1')]);
  assert.is(first.number, second.number);
  assert.is(ledger.types().filter((type) => type === 'turn.recorded').length, 1);
});

safety('numbers the turns of one visit one after another', async () => {
  const { say, engine } = await opened();
  engine.local = sure;
  const turns = await Promise.all(['a b', 'c d', 'e f'].map((text) => say(text)));
  assert.equal(
    turns.map((turn) => turn.number),
    [1, 2, 3],
  );
});

safety('still answers when the ledger is read-only, and says that it is not recorded', async () => {
  const { say, engine, ledger } = await opened();
  engine.local = sure;
  ledger.failure = new StorageError('VAULT_DISK_FULL', { detail: 'told to fail' });
  const turn = await say('卡丢了');
  assert.is(turn.reply.route, 'answer');
  assert.is(turn.receipt.recorded, false);
});

safety('promises no person while nothing can be written down', async () => {
  const { say, engine, ledger, escalations, sessionId } = await opened();
  engine.local = [{ intent: 'tiny.human', probability: 0.95 }];
  ledger.failure = new StorageError('VAULT_READ_ONLY', { detail: 'told to fail' });
  const turn = await say('转人工');
  assert.match(turn.reply.text, /柜台/);
  assert.not(escalations.isOpen(sessionId));
});

safety('refuses what holds no word, and what is too long, by name', async () => {
  const { say } = await opened();
  for (const text of ['', '   ', '\u0000\u0007', '😀😀', '？？！'])
    await say(text).then(
      () => assert.unreachable(JSON.stringify(text)),
      (error) => assert.is(error.code, 'TURN_TEXT_EMPTY'),
    );
  await say('长'.repeat(501)).then(
    () => assert.unreachable(),
    (error) => assert.is(error.code, 'TURN_TEXT_TOO_LONG'),
  );
});

safety('knows no visit that has ended or never was', async () => {
  const { say, visits, sessionId, conversation } = await opened();
  await visits.end(sessionId, 'customer');
  await say('你好').then(
    () => assert.unreachable(),
    (error) => assert.is(error.code, 'SESSION_ENDED'),
  );
  await conversation.takeTurn('nobody', { text: '你好', turnKey: null }).then(
    () => assert.unreachable(),
    (error) => assert.is(error.code, 'SESSION_UNKNOWN'),
  );
});

safety.run();
