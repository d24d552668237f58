import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../domain/ports.ts';
import type { StaffAccount } from './accounts-projection.ts';

/** What `StaffSessions` needs; times in milliseconds. */
export type StaffSessionsOptions = {
  /** At least 32 secret bytes that stay the same over restarts. */
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly find: (name: string) => StaffAccount | null;
  readonly idleMs?: number;
  readonly absoluteMs?: number;
};

/** Who calls, and the token to call with from now on. */
export type CheckedSession = {
  readonly account: StaffAccount;
  /** Replaces the caller's token, so that its idle time starts anew; null when it is still fresh. */
  readonly renewedToken: string | null;
};

const IDLE_MS = 30 * 60_000;
const ABSOLUTE_MS = 12 * 60 * 60_000;
// Renewing once a minute is enough for an idle time of many.
const RENEW_AFTER_MS = 60_000;
// A clock that was set back a little must not sign everybody out.
const FUTURE_MS = 5 * 60_000;
// Sets these tokens apart from anything else that is ever signed with the same key.
const PURPOSE = 'zhanggui staff session 1\0';

const claimsSchema = z.object({
  account: z.string(),
  session: z.string(),
  issuedAt: z.number(),
  renewedAt: z.number(),
  generation: z.number(),
});
type Claims = z.infer<typeof claimsSchema>;

/**
 * Issues and checks the tokens of signed-in staff.
 *
 * A token is signed and says all about its session, so that staff stay signed in when the box comes
 * back after a crash. It ends with idleness, with age, with a new password and with sign-out;
 * sign-outs are kept in memory, so after a crash a copied token of a session that was signed out
 * lives until its idle time runs out.
 */
export class StaffSessions {
  readonly #options: StaffSessionsOptions;
  /** Signed-out sessions and when they would have ended anyway. */
  readonly #revoked = new Map<string, number>();

  constructor(options: StaffSessionsOptions) {
    this.#options = options;
  }

  /** Opens a session for an account that has just signed in. */
  issue(account: StaffAccount): string {
    const at = this.#options.clock.now();
    return this.#sign({
      account: account.name,
      session: randomBytes(16).toString('base64url'),
      issuedAt: at,
      renewedAt: at,
      generation: account.generation,
    });
  }

  /** Says whose token it is; null when it is none or has ended. */
  check(token: string): CheckedSession | null {
    const claims = this.#read(token);
    if (claims === null || this.#revoked.has(claims.session)) return null;
    const account = this.#options.find(claims.account);
    if (account === null || account.generation !== claims.generation) return null;
    const at = this.#options.clock.now();
    const isFresh = at - claims.renewedAt < RENEW_AFTER_MS;
    return { account, renewedToken: isFresh ? null : this.#sign({ ...claims, renewedAt: at }) };
  }

  /** Ends a session and every renewal of its token. */
  signOut(token: string): void {
    const claims = this.#read(token);
    if (claims === null) return;
    const at = this.#options.clock.now();
    for (const [session, endsAt] of this.#revoked) if (endsAt < at) this.#revoked.delete(session);
    this.#revoked.set(claims.session, this.#endOf(claims));
  }

  #read(token: string): Claims | null {
    const [payload = '', mac = '', ...rest] = token.split('.');
    if (rest.length > 0) return null;
    const given = Buffer.from(mac, 'base64url');
    const expected = this.#macOf(payload);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const claims = claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    const at = this.#options.clock.now();
    const isOver = at >= claims.renewedAt + (this.#options.idleMs ?? IDLE_MS);
    const isFromFuture = claims.renewedAt > at + FUTURE_MS;
    return isOver || isFromFuture || at >= this.#endOf(claims) ? null : claims;
  }

  #endOf(claims: Claims): number {
    return claims.issuedAt + (this.#options.absoluteMs ?? ABSOLUTE_MS);
  }

  #sign(claims: Claims): string {
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${payload}.${this.#macOf(payload).toString('base64url')}`;
  }

  #macOf(payload: string): Buffer {
    return createHmac('sha256', this.#options.key).update(PURPOSE).update(payload).digest();
  }
}
