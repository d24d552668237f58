import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The secret of a visit and what may be stored of it. */
export type VisitToken = {
  /** 256 random bits, base64url: goes to the page and nowhere else. */
  readonly token: string;
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
};

// The token is random, so that a fast hash is as good as a slow one: there is nothing to guess.
function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Makes the token that a visit is called with. */
export function createVisitToken(): VisitToken {
  const token = randomBytes(32).toString('base64url');
  return { token, tokenHash: hashToken(token).toString('hex') };
}

/** Says whether `token` belongs to `tokenHash`; takes as long for every wrong one. */
export function matchesVisitToken(token: string, tokenHash: string): boolean {
  const expected = Buffer.from(tokenHash, 'hex');
  return expected.length === 32 && timingSafeEqual(hashToken(token), expected);
}
