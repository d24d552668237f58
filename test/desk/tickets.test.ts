import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { deskProjection } from '../../src/desk/desk-projection.ts';
import { Tickets } from '../../src/desk/tickets.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { anIntent, aPack } from '../support/tiny-pack.ts';

const [form] = aPack([anIntent('tiny.lost_card')]).forms;

function desk() {
  const clock = new ManualClock();
  const ledger = new MemoryLedger(clock);
  const tickets = new Tickets({
    ledger,
    desk: ledger.project(deskProjection),
    clock,
    newCode: () => 'AB12C',
    personal: { readPersonal: ({ personal }) => personal ?? {} },
    masking: () => ({
      contact: (value) => `${value.slice(0, 1)}**`,
      text: (value) => `[${value}]`,
    }),
  });
  const submit = (values: Record<string, string>, submissionId = 'submission-1') => {
    if (!form) throw new Error('the tiny pack has a form');
    return tickets.submit({ sessionId: 'visit', submissionId, form, language: 'zh', values });
  };
  return { tickets, ledger, submit };
}

const valid = { contact_name: '王小明', contact_phone: '138 0013 8000', what: '在地铁上' };

const test = suite('tickets');

test('opens with a number, a due time and masked contacts; personal fields go apart', async () => {
  const { submit, ledger } = desk();
  const ticket = await submit(valid);
  if ('problems' in ticket) return assert.unreachable();
  assert.is(ticket.number, 'T261122-AB12C');
  assert.is(ticket.dueAt - ticket.openedAt, 2 * 60 * 60 * 1000);
  assert.equal(ticket.fields, { contact_name: '王**', contact_phone: '1**', what: '[在地铁上]' });
  assert.equal(ledger.events[0]?.personal, {
    contact_name: '王小明',
    contact_phone: '138 0013 8000',
  });
});

test('names each field that needs another look, in the customer’s language', async () => {
  const { submit, ledger } = desk();
  const result = await submit({ contact_phone: '12' });
  assert.equal(result, {
    problems: { contact_name: '请填写这一项', contact_phone: '请填写有效的电话号码' },
  });
  assert.is(ledger.events.length, 0);
});

test('refuses a replayed form and names its ticket, also when both arrive at once', async () => {
  const { submit, ledger } = desk();
  const results = await Promise.allSettled([submit(valid), submit(valid)]);
  assert.equal(
    results.map((result) => result.status),
    ['fulfilled', 'rejected'],
  );
  await submit(valid).then(
    () => assert.unreachable(),
    (error) => {
      assert.is(error.code, 'FORM_ALREADY_SUBMITTED');
      assert.match(error.message, 'T261122-AB12C');
    },
  );
  assert.is(ledger.events.length, 1);
});

test('puts a reveal on record before it shows anything', async () => {
  const { submit, tickets, ledger } = desk();
  await submit(valid);
  ledger.failure = new Error('no disk');
  await tickets.reveal('T261122-AB12C', { name: 'lan' }, '客户来电').then(
    () => assert.unreachable('shown without a record'),
    () => undefined,
  );
  ledger.failure = null;
  const shown = await tickets.reveal('T261122-AB12C', { name: 'lan' }, '客户来电');
  assert.is(shown['contact_phone'], '138 0013 8000');
  assert.is(ledger.types().at(-1), 'ticket.revealed');
});

test('moves a ticket on under the name of who did it', async () => {
  const { submit, tickets } = desk();
  await submit(valid);
  const ticket = await tickets.setStatus('T261122-AB12C', { name: 'lan' }, 'in_progress');
  assert.equal([ticket.status, ticket.assignee], ['in_progress', 'lan']);
});

test.run();
