import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PasswordHasher } from '../../src/trust/password-hasher.ts';

const hashing = suite('PasswordHasher');

hashing('hashes with argon2id and the parameters of OWASP', async () => {
  const passwordHash = await new PasswordHasher().hash('correct horse battery');
  assert.match(passwordHash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

hashing('knows a password again, typed in full width or not, and no other', async () => {
  const hasher = new PasswordHasher();
  const passwordHash = await hasher.hash('battery 12345');
  assert.ok(await hasher.verify(passwordHash, 'battery 12345'));
  assert.ok(await hasher.verify(passwordHash, 'ｂａｔｔｅｒｙ　１２３４５'));
  assert.not.ok(await hasher.verify(passwordHash, 'Battery 12345'));
});

hashing('works as hard for an account that does not exist, and says no', async () => {
  const hasher = new PasswordHasher();
  const passwordHash = await hasher.hash('battery 12345');
  const timeOf = async (stored: string | null) => {
    const startedAt = performance.now();
    for (let i = 0; i < 3; i++) assert.not.ok(await hasher.verify(stored, 'wrong'));
    return performance.now() - startedAt;
  };
  await timeOf(null);
  const known = await timeOf(passwordHash);
  const unknown = await timeOf(null);
  assert.ok(unknown > known / 4, `${unknown} ms against ${known} ms`);
});

hashing('runs two at once, lets a few wait and refuses the rest', async () => {
  const hasher = new PasswordHasher({ maxParallel: 2, maxQueued: 3 });
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, () => hasher.hash('battery 12345')),
  );
  const refused = results.filter(({ status }) => status === 'rejected');
  assert.is(refused.length, 3);
  for (const one of refused)
    assert.is((one as PromiseRejectedResult).reason.code, 'TRUST_SIGN_IN_BUSY');
  assert.ok(await hasher.hash('it goes on afterwards'));
});

hashing('frees its place when a stored hash cannot be read', async () => {
  const hasher = new PasswordHasher({ maxParallel: 1, maxQueued: 0 });
  for (let i = 0; i < 3; i++) {
    const result = await hasher.verify('not a hash', 'x').catch((error: Error) => error.message);
    assert.type(result, 'string');
    assert.not.match(result as string, /wait already/);
  }
});

hashing.run();
