import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVisitToken, matchesVisitToken } from '../../src/trust/visit-tokens.ts';

const tokens = suite('visit-tokens');

tokens('are 256 random bits of which only the hash is kept', () => {
  const { token, tokenHash } = createVisitToken();
  assert.is(Buffer.from(token, 'base64url').length, 32);
  assert.match(tokenHash, /^[0-9a-f]{64}$/);
  assert.not.ok(tokenHash.includes(token));
  assert.is.not(createVisitToken().token, token);
});

tokens('open their own visit and no other', () => {
  const { token, tokenHash } = createVisitToken();
  assert.ok(matchesVisitToken(token, tokenHash));
  const wrong = ['', token.slice(1), `${token}A`, createVisitToken().token, tokenHash];
  for (const one of wrong) assert.not.ok(matchesVisitToken(one, tokenHash));
  for (const hash of ['', 'zz', tokenHash.slice(2)]) assert.not.ok(matchesVisitToken(token, hash));
});

tokens.run();
