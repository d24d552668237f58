import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ApplianceError, StorageError } from '../../src/domain/errors.ts';
import { Accounts } from '../../src/trust/accounts.ts';
import { accountsProjection } from '../../src/trust/accounts-projection.ts';
import { PasswordHasher } from '../../src/trust/password-hasher.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';

const accounts = suite('Accounts');
const log = { debug() {}, info() {}, warn() {}, error() {} };
const OWN = 'correct horse battery';

function openBranch(ledger?: MemoryLedger, clock = new ManualClock()) {
  const kept = ledger ?? new MemoryLedger(clock);
  const hasher = new PasswordHasher();
  const projected = kept.project(accountsProjection);
  return {
    clock,
    ledger: kept,
    accounts: new Accounts({ ledger: kept, projected, hasher, clock, log }),
  };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof ApplianceError ? error.code : String(error);
  }
}

const from = (name: string, password: string, address = '10.0.0.7') => ({
  name,
  password,
  address,
});

accounts('tells the password of the first account once and never again', async () => {
  const branch = openBranch();
  const first = await branch.accounts.ensureFirstAccount();
  assert.is(first?.name, 'admin');
  assert.match(first?.oneTimePassword ?? '', /^([2-9a-hjkmnp-z]{5}-){3}[2-9a-hjkmnp-z]{5}$/);
  assert.is(await branch.accounts.ensureFirstAccount(), null);
  const restarted = openBranch(branch.ledger);
  assert.is(await restarted.accounts.ensureFirstAccount(), null);
  const admin = await restarted.accounts.signIn(from(' ADMIN ', first?.oneTimePassword ?? ''));
  assert.is(admin.role, 'supervisor');
  assert.ok(admin.mustChangePassword);
});

accounts('creates only one first account when asked twice at once', async () => {
  const branch = openBranch();
  const both = await Promise.all([
    branch.accounts.ensureFirstAccount(),
    branch.accounts.ensureFirstAccount(),
  ]);
  assert.is(both.filter((access) => access !== null).length, 1);
  assert.equal(branch.ledger.types(), ['account.created']);
});

accounts('changes a password once the old one was given, and raises the generation', async () => {
  const branch = openBranch();
  const first = await branch.accounts.ensureFirstAccount();
  const oneTime = first?.oneTimePassword ?? '';
  assert.is(
    await codeOf(branch.accounts.changePassword(from('admin', 'wrong'), OWN)),
    'TRUST_SIGN_IN_REFUSED',
  );
  assert.is(
    await codeOf(branch.accounts.changePassword(from('admin', oneTime), oneTime)),
    'TRUST_PASSWORD_TOO_WEAK',
  );
  const changed = await branch.accounts.changePassword(from('admin', oneTime), OWN);
  assert.is(changed.generation, 2);
  assert.not.ok(changed.mustChangePassword);
  assert.is(await codeOf(branch.accounts.signIn(from('admin', oneTime))), 'TRUST_SIGN_IN_REFUSED');
  assert.is((await branch.accounts.signIn(from('admin', OWN))).name, 'admin');
});

accounts('lets people in with a one-time password, each name once', async () => {
  const branch = openBranch();
  const wang = { name: 'Wang.Li', displayName: '王丽', role: 'agent', skills: ['card'] } as const;
  const access = await branch.accounts.createAccount(wang, 'admin');
  assert.is(access.name, 'wang.li');
  const again = [
    branch.accounts.createAccount({ ...wang, name: 'new' }, 'admin'),
    branch.accounts.createAccount({ ...wang, name: 'new' }, 'admin'),
  ];
  assert.equal(await Promise.all(again.map(codeOf)), ['none', 'TRUST_ACCOUNT_EXISTS']);
  for (const name of ['', 'a', '王丽', 'a b', '__proto__', '-x', 'x'.repeat(40)]) {
    assert.is(
      await codeOf(branch.accounts.createAccount({ ...wang, name }, 'admin')),
      'HTTP_INPUT_INVALID',
      name,
    );
  }
  assert.equal(
    branch.accounts.list().map(({ name, skills }) => [name, skills]),
    [
      ['new', ['card']],
      ['wang.li', ['card']],
    ],
  );
});

accounts('knows nobody by the names that every object has', () => {
  const branch = openBranch();
  for (const name of ['constructor', 'toString', '__proto__']) {
    assert.is(branch.accounts.find(name), null, name);
  }
});

accounts('replaces a forgotten password', async () => {
  const branch = openBranch();
  await branch.accounts.ensureFirstAccount();
  const access = await branch.accounts.resetPassword('admin', 'it');
  assert.ok(
    (await branch.accounts.signIn(from('admin', access.oneTimePassword))).mustChangePassword,
  );
  assert.is(await codeOf(branch.accounts.resetPassword('nobody', 'it')), 'TRUST_ACCOUNT_UNKNOWN');
});

accounts('audits sign-ins and refusals, and keeps no name that is unknown', async () => {
  const branch = openBranch();
  const first = await branch.accounts.ensureFirstAccount();
  await codeOf(branch.accounts.signIn(from('admin', 'wrong')));
  assert.is(branch.accounts.find('admin')?.refusals, 1);
  await codeOf(branch.accounts.signIn(from('my-secret-password', 'wrong')));
  await branch.accounts.signIn(from('admin', first?.oneTimePassword ?? ''));
  assert.is(branch.accounts.find('admin')?.refusals, 0);
  assert.equal(
    branch.ledger.events.slice(1).map(({ type, data }) => [type, (data as { name: string }).name]),
    [
      ['account.sign_in_refused', 'admin'],
      ['account.sign_in_refused', '(unknown)'],
      ['account.signed_in', 'admin'],
    ],
  );
});

accounts(
  'makes an account wait longer after each wrong password, and no longer than a minute',
  async () => {
    const branch = openBranch();
    const first = await branch.accounts.ensureFirstAccount();
    const right = from('admin', first?.oneTimePassword ?? '', '10.0.0.1');
    const wrong = (i: number) => codeOf(branch.accounts.signIn(from('admin', 'no', `10.0.1.${i}`)));
    for (let i = 0; i < 6; i++) assert.is(await wrong(i), 'TRUST_SIGN_IN_REFUSED', `${i}`);
    assert.is(await codeOf(branch.accounts.signIn(right)), 'TRUST_SIGN_IN_BUSY');
    await branch.clock.advance(1_000);
    assert.is(await wrong(6), 'TRUST_SIGN_IN_REFUSED');
    await branch.clock.advance(1_999);
    assert.is(await codeOf(branch.accounts.signIn(right)), 'TRUST_SIGN_IN_BUSY');
    await branch.clock.advance(1);
    for (let i = 7; i < 14; i++) {
      assert.is(await wrong(i), 'TRUST_SIGN_IN_REFUSED');
      await branch.clock.advance(60_000);
    }
    assert.is(await codeOf(branch.accounts.signIn(right)), 'none');
    assert.is(await wrong(15), 'TRUST_SIGN_IN_REFUSED', 'a right password clears the account');
  },
);

accounts('makes an address wait that tries many names', async () => {
  const branch = openBranch();
  const codes: string[] = [];
  for (let i = 0; i < 22; i++) {
    codes.push(await codeOf(branch.accounts.signIn(from(`user${i}`, 'no', '203.0.113.9'))));
  }
  assert.is(codes[20], 'TRUST_SIGN_IN_REFUSED');
  assert.is(codes[21], 'TRUST_SIGN_IN_BUSY');
  assert.is(await codeOf(branch.accounts.signIn(from('user0', 'no'))), 'TRUST_SIGN_IN_REFUSED');
});

accounts('counts attempts that are sent all at once', async () => {
  const branch = openBranch();
  await branch.accounts.ensureFirstAccount();
  const codes = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      codeOf(branch.accounts.signIn(from('admin', 'no', `10.0.2.${i}`))),
    ),
  );
  assert.is(codes.filter((code) => code === 'TRUST_SIGN_IN_REFUSED').length, 6);
  assert.is(codes.filter((code) => code === 'TRUST_SIGN_IN_BUSY').length, 6);
});

accounts('signs staff in while nothing can be stored', async () => {
  const branch = openBranch();
  const first = await branch.accounts.ensureFirstAccount();
  branch.ledger.failure = new StorageError('VAULT_READ_ONLY', { detail: 'the disk is read-only' });
  assert.is(
    (await branch.accounts.signIn(from('admin', first?.oneTimePassword ?? ''))).name,
    'admin',
  );
  assert.is(await codeOf(branch.accounts.signIn(from('admin', 'no'))), 'TRUST_SIGN_IN_REFUSED');
  assert.is(await codeOf(branch.accounts.resetPassword('admin', 'it')), 'VAULT_READ_ONLY');
});

accounts('reads its own document back and refuses another', async () => {
  const branch = openBranch();
  await branch.accounts.ensureFirstAccount();
  const state = { accounts: { admin: branch.accounts.find('admin') } };
  assert.equal(accountsProjection.parse(JSON.parse(JSON.stringify(state))), state);
  assert.throws(() => accountsProjection.parse({ accounts: { admin: { name: 'admin' } } }));
});

accounts.run();
