import { cp, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ModelError } from '../../src/domain/errors.ts';
import type { Log } from '../../src/domain/ports.ts';
import { EncoderEngine, type EncoderEngineOptions } from '../../src/inference/encoder-engine.ts';
import { encodeIntentModel } from '../../src/inference/intent/intent-model-file.ts';
import { trainIntentModel } from '../../src/inference/intent/train-intent-model.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';
import { FakeEncoderPort } from './encoder/fake-encoder-port.ts';
import { flipLastByte, makeTinyEncoder } from './encoder/tiny-encoder.ts';

const test = suite('encoder-engine');
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const newFolder = () => mkdtemp(join(tmpdir(), 'engine-'));
const forever = new AbortController().signal;

const SAYINGS: Record<string, string[]> = {
  'card.lost': [
    '我的卡丢了',
    '银行卡找不到了怎么办',
    '钱包被偷了，卡也在里面',
    '卡掉了要怎么挂失',
    'I lost my card',
    'my bank card is missing',
    'someone stole my wallet with my card in it',
    'how do I report a lost card',
  ],
  'branch.hours': [
    '你们几点开门',
    '周末营业吗',
    '今天几点下班',
    '营业时间是几点到几点',
    'when do you open',
    'are you open on Saturday',
    'what time do you close today',
    'opening hours please',
  ],
  'order.refund': [
    '我要退款',
    '东西不想要了能退钱吗',
    '退货的钱什么时候到账',
    '怎么申请退款',
    'I want my money back',
    'how do I get a refund for my order',
    'when will my refund arrive',
    'please refund this purchase',
  ],
};
const training = Object.entries(SAYINGS).flatMap(([intent, texts]) =>
  texts.map((text) => ({ intent, text })),
);
const activation = { training, calibration: [], statedErrorRate: 0.05 };

function createEngine(options: Partial<EncoderEngineOptions> = {}) {
  return new EncoderEngine(
    { encoderFolder: 'models/encoder', cacheFolder: null, ...options },
    { clock: systemClock, log },
  );
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const outcome = await work.then(
    () => 'no error',
    (error: ModelError) => error.code,
  );
  return outcome;
}

test('understands Chinese and English, swaps its intents while it runs, and keeps what it learnt', async () => {
  const cacheFolder = await newFolder();
  const engine = createEngine({ cacheFolder });
  assert.is(engine.state().status, 'stopped');
  assert.is(await codeOf(engine.understand('你好', 1_000)), 'MODEL_NOT_READY');
  await engine.start(forever);
  assert.equal(engine.state(), { status: 'ready', hasIntents: false, code: null, detail: null });
  assert.is(await codeOf(engine.understand('你好', 1_000)), 'MODEL_NOT_READY', 'no intents yet');

  const first = await engine.activate(activation);
  assert.is(first.source, 'trained');
  assert.is(first.intents, 3);
  assert.ok(engine.state().hasIntents);
  const questions: [string, string][] = [
    ['卡不见了', 'card.lost'],
    ['I cannot find my debit card anywhere', 'card.lost'],
    ['星期天上班不', 'branch.hours'],
    ['what are your business hours', 'branch.hours'],
    ['把钱退给我', 'order.refund'],
    ['can I have the money for that order back', 'order.refund'],
  ];
  const answers = await Promise.all(questions.map(([text]) => engine.understand(text, 5_000)));
  assert.equal(
    answers.map(({ candidates }) => candidates[0]?.intent),
    questions.map(([, intent]) => intent),
  );
  const { nearest, stagesMs } = answers[0] as (typeof answers)[0];
  assert.is(nearest?.intent, 'card.lost');
  assert.ok(SAYINGS['card.lost']?.includes(nearest?.text ?? ''));
  for (const ms of Object.values(stagesMs)) assert.ok(ms >= 0 && ms < 5_000);
  assert.ok(stagesMs.encode > 0);

  await engine.activate({ ...activation, training: training.slice(0, 16) });
  const swapped = await engine.understand('把钱退给我', 5_000);
  assert.is(swapped.candidates.length, 2, 'the third intent is gone');
  await engine.stop();
  assert.is(await codeOf(engine.understand('卡丢了', 1_000)), 'MODEL_NOT_READY');

  const again = createEngine({ cacheFolder });
  await again.start(forever);
  const second = await again.activate(activation);
  assert.is(second.source, 'cache');
  assert.equal(second.thresholds, first.thresholds);
  const { candidates } = await again.understand('卡不见了', 5_000);
  assert.is(candidates[0]?.intent, 'card.lost');
  assert.equal(again.thresholds(), first.thresholds);
  await again.stop();
});

test('ends in a state with a code when a model file is changed, missing or does not fit', async () => {
  const copy = join(await newFolder(), 'encoder');
  const graph = await readdir('models/encoder/onnx');
  await cp('models/encoder', copy, { recursive: true, filter: (path) => !path.endsWith('.onnx') });
  for (const name of graph) {
    await symlink(join(process.cwd(), 'models/encoder/onnx', name), join(copy, 'onnx', name));
  }
  const small = join(copy, 'tokenizer_config.json');
  await writeFile(small, (await readFile(small, 'utf8')).replace('512', '511'));
  const cases: [string, string][] = [
    [copy, 'MODEL_HASH_MISMATCH'],
    [join(copy, 'nowhere'), 'MODEL_MISSING'],
    [await makeTinyEncoder({ dimensions: 3 }), 'MODEL_OUTPUT_SHAPE'],
  ];
  for (const [encoderFolder, code] of cases) {
    const engine = createEngine({ encoderFolder });
    await engine.start(forever);
    assert.is(engine.state().status, 'failed');
    assert.is(engine.state().code, code);
    assert.is(await codeOf(engine.understand('你好', 1_000)), 'MODEL_NOT_READY');
    assert.is(await codeOf(engine.activate(activation)), 'MODEL_NOT_READY');
    assert.equal(engine.thresholds().absolute > 1, true, 'nothing may be answered');
    await engine.stop();
  }
});

test('makes a stored model anew when its file is damaged', async () => {
  const cacheFolder = await newFolder();
  const encoderFolder = await makeTinyEncoder();
  const small = {
    training: [
      { intent: 'a', text: 'card' },
      { intent: 'b', text: 'lost' },
    ],
    calibration: [],
    statedErrorRate: 0.05,
  };
  const engine = createEngine({ cacheFolder, encoderFolder, threads: 1 });
  await engine.start(forever);
  assert.is((await engine.activate(small)).source, 'trained');
  assert.is((await engine.activate(small)).source, 'cache');
  const [file] = await readdir(cacheFolder);
  await flipLastByte(join(cacheFolder, file as string));
  assert.is((await engine.activate(small)).source, 'trained');
  assert.is((await engine.activate(small)).source, 'cache');
  await engine.stop();
});

test('embeds in the order of its input, whatever the lengths', async () => {
  const engine = createEngine({ encoderFolder: await makeTinyEncoder(), threads: 1, workers: 2 });
  await engine.start(forever);
  const texts = Array.from({ length: 70 }, (_, at) =>
    at % 3 === 0 ? 'card card card card' : 'lost',
  );
  const vectors = await engine.embed(texts);
  assert.is(vectors.length, 140);
  for (const at of texts.keys()) assert.is(vectors[at * 2], at % 3 === 0 ? 1 : 0);
  assert.is((await engine.embed([])).length, 0);
  await engine.stop();
});

test('rejects what is under way when it is stopped', async () => {
  const engine = createEngine();
  await engine.start(forever);
  const codes = ['一', '二', '三'].map((text) => codeOf(engine.embed([text.repeat(90)])));
  await engine.stop();
  assert.equal(await Promise.all(codes), Array(3).fill('MODEL_NOT_READY'));
});

/** An engine whose threads and training the test plays; its vectors have one dimension. */
async function createPlayedEngine() {
  const ports: FakeEncoderPort[] = [];
  const clock = new ManualClock();
  const spawnEncoder = () => {
    const port = new FakeEncoderPort();
    ports.push(port);
    queueMicrotask(() => port.say({ type: 'ready' }));
    return port;
  };
  const engine = new EncoderEngine(
    { encoderFolder: await makeTinyEncoder({ dimensions: 1 }), cacheFolder: null },
    {
      clock,
      log,
      spawnEncoder,
      train: async (job) => encodeIntentModel(trainIntentModel(job).model),
    },
  );
  await engine.start(forever);
  return { engine, ports, clock };
}

test('fails its requests when a thread dies, says so, and answers again after a restart', async () => {
  const { engine, ports } = await createPlayedEngine();
  const activated = engine.activate({
    training: [
      { intent: 'a', text: 'x' },
      { intent: 'b', text: 'yyyyy' },
    ],
    calibration: [],
    statedErrorRate: 0.05,
  });
  await settle();
  ports[0]?.answer();
  await activated;
  assert.is(ports[0]?.installed.length, 1);

  const asked = engine.understand('hello', 1_000);
  ports[0]?.die('exit code 139');
  const error = await asked.catch((thrown: ModelError) => thrown);
  assert.ok('retryable' in error && error.retryable);
  assert.is(engine.state().status, 'failed');
  assert.match(engine.state().detail ?? '', 'exit code 139');
  assert.is(await codeOf(engine.understand('hello', 1_000)), 'MODEL_NOT_READY');

  await engine.restart();
  assert.is(engine.state().status, 'ready');
  assert.is(ports[1]?.installed.length, 1, 'the new thread holds the model');
  const answered = engine.understand('hello', 1_000);
  ports[1]?.answer();
  assert.is((await answered).candidates[0]?.intent, 'hello');
});

test('fails to start when a thread ends before it is ready', async () => {
  const port = new FakeEncoderPort();
  const engine = new EncoderEngine(
    { encoderFolder: await makeTinyEncoder(), cacheFolder: null },
    { clock: new ManualClock(), log, spawnEncoder: () => port },
  );
  const started = engine.start(forever);
  await new Promise((resolve) => setTimeout(resolve, 50));
  port.die('exit code 1');
  await started;
  assert.is(engine.state().code, 'MODEL_LOAD_FAILED');
  assert.ok(port.isTerminated);
});

test('gives embedding another try when customers fill the queue', async () => {
  const { engine, ports, clock } = await createPlayedEngine();
  const port = ports[0] as FakeEncoderPort;
  const flood = Array.from({ length: 1 + 16 + 512 }, (_, at) => engine.embed([`${at}`]));
  const late = engine.embed(['late']);
  await settle();
  for (let at = 0; at < 40 && port.asked.length > 0; at += 1) port.answer();
  await clock.advance(50);
  for (let at = 0; at < 40 && port.asked.length > 0; at += 1) port.answer();
  assert.is((await late)[0], 4);
  assert.is((await Promise.all(flood)).length, 529);
});

test.run();
