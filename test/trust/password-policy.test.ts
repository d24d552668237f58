import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { InputError } from '../../src/domain/errors.ts';
import { checkNewPassword, createOneTimePassword } from '../../src/trust/password-policy.ts';

const policy = suite('password-policy');

policy('refuses passwords that are short, common, repeated or the name', () => {
  const weak = [
    ['short1234', 'too short'],
    ['password1234', 'common'],
    ['Password@2024!', 'common'],
    ['qwertyuiop[]', 'common'],
    ['123456789012', 'keys'],
    ['1q2w3e4r5t6y', 'keys'],
    ['aaaaaaaaaaaa', 'repeated'],
    ['121212121212', 'repeated'],
    ['wang.li.2024', 'name'],
    ['Wang.Li@1234', 'name'],
    ['wang.liwang.li', 'name'],
    ['x'.repeat(200), 'too long'],
    ['５２０１３１４５２０１３１４', 'keys'],
    ['😀😀😀😀😀😀😀😀😀😀😀', 'eleven characters'],
  ] as const;
  for (const [password, why] of weak) {
    assert.throws(
      () => checkNewPassword(password, 'wang.li'),
      (error: InputError) =>
        error.code === 'TRUST_PASSWORD_TOO_WEAK' && !error.message.includes(password),
      `${password}: ${why}`,
    );
  }
});

policy('accepts long ones without rules about signs', () => {
  for (const password of [
    'correct horse battery',
    '山高水长春暖花开岁岁平安',
    'tr0ub4dor&3xyz',
    'kk-77-zebra-lamp',
  ]) {
    checkNewPassword(password, 'wang.li');
  }
});

policy('makes one-time passwords that pass its own rules and never come twice', () => {
  const made = Array.from({ length: 200 }, createOneTimePassword);
  assert.is(new Set(made).size, made.length);
  for (const password of made) checkNewPassword(password, 'admin');
});

policy.run();
