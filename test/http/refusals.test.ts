import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ERROR_CATALOGUE } from '../../src/domain/error-catalogue.ts';
import { StorageError } from '../../src/domain/errors.ts';
import type { TurnView } from '../../src/domain/views.ts';
import { apiWorld, problemOf, visiting } from '../support/api-world.ts';

const refusals = suite('refusals over HTTP');

const FORM = { contact_name: '王小明', contact_phone: '13800138000' };

refusals('answers an ended visit with 410, and ending it again with nothing', async () => {
  const { call, path, token, say, submit } = await visiting();
  assert.is((await call('DELETE', path, undefined, { token })).status, 204);
  assert.is((await call('DELETE', path, undefined, { token })).status, 204);
  const gone = [
    await call('GET', path, undefined, { token }),
    await say({ text: '你好' }),
    await submit('tiny.lost', { submissionId: 'submission-1', values: FORM }),
    await call('POST', `${path}/person`, undefined, { token }),
    await call('POST', `${path}/restart`, undefined, { token }),
    await call('POST', `${path}/feedback`, { turn: 1, helpful: true }, { token }),
    await call('GET', `${path}/events`, undefined, { token }),
  ];
  for (const answer of gone) {
    assert.is(answer.status, 410);
    assert.is(problemOf(answer).code, 'SESSION_ENDED');
  }
});

refusals('refuses a replayed form and names the ticket that it became', async () => {
  const { submit, tickets } = await visiting();
  const submission = { submissionId: 'submission-1', values: FORM };
  const first = await submit('tiny.lost', submission);
  assert.is(first.status, 200, first.text);
  const { number } = first.body as { number: string };
  const again = await submit('tiny.lost', submission);
  assert.is(again.status, 409);
  const problem = problemOf(again);
  assert.is(problem.code, 'FORM_ALREADY_SUBMITTED');
  assert.ok(problem.detail.includes(number), problem.detail);
  assert.is(tickets.list().length, 1);
});

refusals(
  'marks each field of a form that needs another look, in the reader’s language',
  async () => {
    const { call, path, token, submit, tickets } = await visiting();
    const values = { contact_name: '  ', contact_phone: '12' };
    const zh = problemOf(await submit('tiny.lost', { submissionId: 'submission-1', values }));
    assert.is(zh.code, 'FORM_INVALID');
    assert.equal(zh.fields, {
      contact_name: '请填写这一项',
      contact_phone: '请填写有效的电话号码',
    });
    const body = { submissionId: 'submission-1', values };
    const forms = `${path}/forms/tiny.lost`;
    const en = problemOf(await call('POST', forms, body, { token, language: 'en' }));
    assert.equal(en.fields, {
      contact_name: 'Please fill this in',
      contact_phone: 'Please enter a valid phone number',
    });
    assert.is(tickets.list().length, 0);
  },
);

refusals('knows no form, ticket, intent or account by the name of a prototype', async () => {
  const { call, submit, say, tickets, staffCookie } = await visiting();
  const cookie = await staffCookie('supervisor');
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'nothing']) {
    const answers = [
      await call('GET', `/api/v1/forms/${name}`),
      await submit(name, { submissionId: 'submission-1', values: FORM }),
      await call('GET', `/api/v1/tickets/${name}`),
      await call('GET', `/api/v1/desk/escalations/${name}`, undefined, { cookie }),
      await call('POST', `/api/v1/desk/escalations/${name}/claim`, undefined, { cookie }),
      await call('POST', `/api/v1/desk/tickets/${name}/status`, { status: 'done' }, { cookie }),
      await call('POST', `/api/v1/staff/accounts/${name}/reset`, undefined, { cookie }),
    ];
    for (const answer of answers) {
      assert.is(answer.status, 404, `${name}: ${answer.text}`);
      assert.match(problemOf(answer).code, /_UNKNOWN$/);
    }
    const { turn } = (await say({ intent: name })).body as TurnView;
    assert.is(turn.reply.route, 'rephrase');
    const keyed = await say({ text: '你好', turnKey: name });
    assert.is(keyed.status, name === '__proto__' ? 422 : 200);
  }
  const values = JSON.parse(`{"__proto__":{"contact_name":"x"},"constructor":"y"}`) as unknown;
  const odd = await submit('tiny.lost', { submissionId: 'submission-2', values });
  assert.is(odd.status, 422);
  assert.is(tickets.list().length, 0);
});

refusals('dedupes whatever submission id it takes', async () => {
  const { submit, tickets } = await visiting();
  for (const submissionId of ['__proto__', 'constructor', 'submission-3']) {
    const before = tickets.list().length;
    const first = await submit('tiny.lost', { submissionId, values: FORM });
    const second = await submit('tiny.lost', { submissionId, values: FORM });
    const isRefused = first.status === 422;
    assert.is(second.status, isRefused ? 422 : 409, submissionId);
    assert.is(tickets.list().length, before + (isRefused ? 0 : 1), submissionId);
  }
});

refusals(
  'answers a wrong method with what the address takes, and a wrong address with 404',
  async () => {
    const { call, path, token } = await visiting();
    const wrong = [
      ['PUT', path, 'GET, DELETE'],
      ['PATCH', `${path}/turns`, 'POST'],
      ['DELETE', '/api/v1/kiosk', 'GET'],
      ['POST', '/livez', 'GET'],
      ['OPTIONS', '/api/v1/desk/escalations', 'GET'],
    ] as const;
    for (const [method, at, allowed] of wrong) {
      const answer = await call(method, at, undefined, { token });
      assert.is(answer.status, 405, `${method} ${at}`);
      assert.is(problemOf(answer).code, 'HTTP_METHOD_NOT_ALLOWED');
      assert.is(answer.headers.get('allow'), allowed);
    }
    for (const at of [
      '/nothing',
      '/api/v1/nothing',
      '/api/v2/kiosk',
      '/api/v1/kiosk/',
      '/.env',
      '/..%2fetc',
    ])
      assert.is(problemOf(await call('GET', at)).code, 'HTTP_NOT_FOUND', at);
  },
);

refusals('slows a fast customer down, says when to come back, and nobody else', async () => {
  const { say, call, openVisit, clock } = await visiting({ turnsPerSecond: 2 });
  const statuses: number[] = [];
  for (let turn = 0; turn < 8; turn += 1) statuses.push((await say({ text: '你好' })).status);
  assert.equal(statuses, [200, 200, 200, 200, 200, 200, 429, 429]);
  const refused = await say({ text: '你好' });
  assert.is(problemOf(refused).code, 'HTTP_RATE_LIMITED');
  const waitSeconds = Number(refused.headers.get('retry-after'));
  assert.ok(waitSeconds >= 1);
  const other = await openVisit();
  const turns = `/api/v1/sessions/${other.sessionId}/turns`;
  assert.is((await call('POST', turns, { text: '你好' }, { token: other.token })).status, 200);
  await clock.advance(waitSeconds * 1000);
  assert.is((await say({ text: '你好' })).status, 200);
});

refusals('slows one address that opens visits down, and refuses more than fit', async () => {
  const limited = apiWorld({ opensPerSecond: 1 });
  const open = (address: string) => limited.call('POST', '/api/v1/sessions', {}, { address });
  const codes: string[] = [];
  for (let visit = 0; visit < 6; visit += 1) {
    const answer = await open('10.0.0.9');
    codes.push(answer.status === 200 ? 'open' : problemOf(answer).code);
    if (answer.status !== 200) assert.ok(answer.headers.get('retry-after'));
  }
  // The world takes three visits; the limiter counts tries, not visits.
  assert.equal(codes.slice(0, 3), ['open', 'open', 'open']);
  assert.equal(codes.slice(3), ['SESSION_LIMIT', 'SESSION_LIMIT', 'HTTP_RATE_LIMITED']);
  assert.is(problemOf(await open('10.0.0.10')).code, 'SESSION_LIMIT');
});

refusals('gives advice in the reader’s language, Chinese when it cannot tell', async () => {
  const { call } = apiWorld();
  const { zh, en } = ERROR_CATALOGUE.FORM_UNKNOWN.advice;
  const preferences = [
    ['en', en],
    ['en-GB,en;q=0.9,zh;q=0.1', en],
    ['zh-CN,zh;q=0.9,en;q=0.8', zh],
    ['zh-TW', zh],
    ['fr-FR, en;q=0.7', en],
    ['en;q=0.2, zh;q=0.9', zh],
    ['fr', zh],
    ['*', zh],
    ['', zh],
    ['q=;;,,,', zh],
  ] as const;
  for (const [language, advice] of preferences) {
    const problem = problemOf(await call('GET', '/api/v1/forms/nothing', undefined, { language }));
    assert.is(problem.title, advice, language);
  }
});

refusals('serves newcomers while nothing can be stored, and stores them when it can', async () => {
  const { openVisit, call, ledger, visits, engine, clock } = apiWorld();
  engine.local = [{ intent: 'tiny.lost_card', probability: 0.9 }];
  ledger.failure = new StorageError('VAULT_DISK_FULL', { detail: 'told to fail' });
  const [stays, leaves] = [await openVisit(), await openVisit()];
  const ask = async ({ sessionId, token }: typeof stays) => {
    const body = { text: '我的卡丢了' };
    const answer = await call('POST', `/api/v1/sessions/${sessionId}/turns`, body, { token });
    return (answer.body as TurnView).turn;
  };
  const first = await ask(stays);
  assert.equal([first.reply.route, first.receipt.recorded], ['answer', false]);
  const person = `/api/v1/sessions/${stays.sessionId}/person`;
  const asked = await call('POST', person, undefined, { token: stays.token });
  assert.is(problemOf(asked).code, 'VAULT_DISK_FULL', 'nobody is promised');
  assert.ok(asked.headers.get('retry-after'));
  const path = `/api/v1/sessions/${leaves.sessionId}`;
  assert.is((await call('DELETE', path, undefined, { token: leaves.token })).status, 204);
  assert.is((await call('GET', path, undefined, { token: leaves.token })).status, 404);
  assert.is(visits.openCount(), 1);

  ledger.failure = null;
  assert.is((await ask(stays)).receipt.recorded, true);
  assert.equal(ledger.types(), ['session.opened', 'turn.recorded']);
  assert.is((await ask(stays)).number, 2);
  await clock.advance(91_000);
  await visits.sweep();
  assert.is(visits.openCount(), 0);
});

refusals('tells the log, never the caller, what broke inside', async () => {
  const { call, logged, staffCookie } = apiWorld({
    metrics: async () => {
      throw new Error('cannot open /root/secret.key');
    },
  });
  const cookie = await staffCookie('it');
  const answer = await call('GET', '/metrics', undefined, { cookie });
  assert.is(answer.status, 500);
  assert.is(problemOf(answer).code, 'INTERNAL_UNEXPECTED');
  assert.not.match(answer.text, /secret/);
  assert.is(logged.length, 1);
  assert.match(logged[0] ?? '', /INTERNAL_UNEXPECTED.*\/metrics.*secret\.key/);
});

refusals('writes nothing that a customer typed into the log', async () => {
  const { say, submit, logged } = await visiting();
  await say({ text: '我的手机号是13800138000' });
  await say({ text: '' });
  await say({ text: 42 });
  await submit('tiny.lost', { submissionId: 'submission-1', values: FORM });
  assert.not.match(logged.join('\n'), /13800138000|王小明/);
});

refusals.run();
