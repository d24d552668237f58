import { randomBytes } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StaffAccount } from '../../src/trust/accounts-projection.ts';
import { StaffSessions } from '../../src/trust/staff-sessions.ts';
import { ManualClock } from '../support/manual-clock.ts';

const sessions = suite('StaffSessions');
const MINUTE = 60_000;

function openSessions(clock = new ManualClock(), key: Uint8Array = randomBytes(32)) {
  const account: StaffAccount = {
    name: 'wang.li',
    displayName: '王丽',
    role: 'agent',
    skills: [],
    passwordHash: '$argon2id$',
    mustChangePassword: false,
    createdAt: 0,
    generation: 1,
    lastSignedInAt: null,
    refusals: 0,
  };
  const find = (name: string) => (name === account.name ? account : null);
  return { clock, key, account, sessions: new StaffSessions({ key, clock, find }) };
}

sessions('know their account, also after the box was killed', () => {
  const before = openSessions();
  const token = before.sessions.issue(before.account);
  assert.is(before.sessions.check(token)?.account.name, 'wang.li');
  const after = openSessions(before.clock, before.key);
  assert.is(after.sessions.check(token)?.account.name, 'wang.li');
});

sessions('end after half an hour without a call', async () => {
  const { clock, sessions: open, account } = openSessions();
  const token = open.issue(account);
  await clock.advance(30 * MINUTE - 1);
  assert.ok(open.check(token));
  await clock.advance(1);
  assert.is(open.check(token), null);
});

sessions('go on while they are used, up to twelve hours', async () => {
  const { clock, sessions: open, account } = openSessions();
  let token = open.issue(account);
  assert.is(open.check(token)?.renewedToken, null);
  for (let minutes = 20; minutes < 12 * 60; minutes += 20) {
    await clock.advance(20 * MINUTE);
    const renewed = open.check(token)?.renewedToken;
    assert.ok(renewed, `${minutes} minutes`);
    token = renewed ?? token;
  }
  await clock.advance(20 * MINUTE);
  assert.is(open.check(token), null);
});

sessions('end with a new password', () => {
  const { sessions: open, account } = openSessions();
  const token = open.issue(account);
  account.generation++;
  assert.is(open.check(token), null);
});

sessions(
  'end with sign-out, together with every renewed token, and leave others alone',
  async () => {
    const { clock, sessions: open, account } = openSessions();
    const token = open.issue(account);
    const other = open.issue(account);
    await clock.advance(2 * MINUTE);
    const renewed = open.check(token)?.renewedToken ?? '';
    open.signOut(token);
    assert.is(open.check(token), null);
    assert.is(open.check(renewed), null);
    assert.ok(open.check(other));
  },
);

sessions('stay signed out as long as the token could live', async () => {
  const { clock, sessions: open, account } = openSessions();
  let token = open.issue(account);
  await clock.advance(20 * MINUTE);
  token = open.check(token)?.renewedToken ?? '';
  open.signOut(token);
  await clock.advance(20 * MINUTE);
  open.signOut(open.issue(account));
  assert.is(open.check(token), null);
});

sessions('refuse what was not signed here, was changed, or comes from the future', () => {
  const { clock, sessions: open, account } = openSessions();
  const token = open.issue(account);
  const [payload = '', mac = ''] = token.split('.');
  const raised = Buffer.from(
    Buffer.from(payload, 'base64url').toString().replace('"generation":1', '"generation":2'),
  ).toString('base64url');
  const foreign = openSessions(clock).sessions.issue(account);
  for (const bad of [
    '',
    '.',
    'a.b',
    payload,
    `${payload}.`,
    `${raised}.${mac}`,
    `${token}.x`,
    foreign,
  ]) {
    assert.is(open.check(bad), null, bad);
    open.signOut(bad);
  }
  assert.ok(open.check(token));
  clock.jump(-10 * MINUTE);
  assert.is(open.check(token), null);
});

sessions('refuse an account that is gone', () => {
  const { sessions: open, account } = openSessions();
  assert.is(open.check(open.issue({ ...account, name: 'gone' })), null);
});

sessions.run();
