import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Account, Role } from '../domain/account.ts';
import { InputError } from '../domain/errors.ts';
import type { Caller } from './route.ts';

/** Name of the staff cookie; the prefix makes browsers insist on Secure and Path=/. */
export const STAFF_COOKIE = '__Host-staff';

/** How a request is traced back to a person. */
export type Credentials = {
  /** Whether the token opens the visit. */
  readonly ownsVisit: (sessionId: string, token: string) => boolean;
  /** Who is behind a staff token, and the token that replaces it; null when it opens nothing. */
  readonly staffOf: (
    token: string,
  ) => { readonly account: Account; readonly renewedToken: string | null } | null;
  readonly addressOf: (context: Context) => string;
};

/** What a person may still do before setting a password of their own. */
const BEFORE_PASSWORD_CHANGE: ReadonlySet<string> = new Set([
  'GET /api/v1/staff/me',
  'POST /api/v1/staff/password',
  'POST /api/v1/staff/sign-out',
]);

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * Lets a request in or says why not.
 *
 * @param row the route's row in the permission table
 * @param allowed who that row admits
 * @throws InputError TRUST_NOT_SIGNED_IN, TRUST_FORBIDDEN, TRUST_PASSWORD_MUST_CHANGE, SESSION_UNKNOWN
 */
export function authorise(
  context: Context,
  row: string,
  allowed: readonly Role[],
  credentials: Credentials,
): Caller {
  const address = credentials.addressOf(context);
  const caller = { visit: null, staff: null, address };
  if (allowed.includes('public')) return { ...caller, role: 'public' };
  if (allowed.includes('customer')) return customerCaller(context, credentials, address);
  if (allowed.includes('local') && LOOPBACK.test(address)) return { ...caller, role: 'local' };
  const session = credentials.staffOf(getCookie(context, STAFF_COOKIE) ?? '');
  if (session === null) {
    throw new InputError('TRUST_NOT_SIGNED_IN', { detail: `${row} is for staff; sign in first` });
  }
  const staff = session.account;
  if (!allowed.includes(staff.role)) {
    throw new InputError('TRUST_FORBIDDEN', {
      detail: `${row} is for ${allowed.join(', ')}, not for ${staff.role}; ask a supervisor`,
    });
  }
  if (staff.mustChangePassword && !BEFORE_PASSWORD_CHANGE.has(row)) {
    throw new InputError('TRUST_PASSWORD_MUST_CHANGE', {
      detail: 'the one-time password opens nothing else; set a password of your own first',
    });
  }
  if (session.renewedToken !== null) keepStaffCookie(context, session.renewedToken);
  return { role: staff.role, visit: null, staff, address };
}

/** Hands a browser the token of a signed-in session. */
export function keepStaffCookie(context: Context, token: string): void {
  // Replaces the renewed token that `authorise` may have set: two cookies of a name are one too many.
  context.header('set-cookie', undefined);
  setCookie(context, STAFF_COOKIE, token, {
    httpOnly: true,
    secure: true,
    sameSite: 'Strict',
    path: '/',
  });
}

/** Has a browser forget the token of a session that was signed out. */
export function dropStaffCookie(context: Context): void {
  context.header('set-cookie', undefined);
  deleteCookie(context, STAFF_COOKIE, { secure: true, path: '/' });
}

function customerCaller(context: Context, credentials: Credentials, address: string): Caller {
  const id = context.req.param('id') ?? '';
  const token = /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
  if (!credentials.ownsVisit(id, token)) {
    throw new InputError('SESSION_UNKNOWN', {
      detail: 'no visit has this id and token; open a new visit',
    });
  }
  return { role: 'customer', visit: id, staff: null, address };
}
