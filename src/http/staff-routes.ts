import { getCookie } from 'hono/cookie';
import { z } from 'zod';
import type { Account } from '../domain/account.ts';
import type { StaffView } from '../domain/views.ts';
import type { Accounts, OneTimeAccess } from '../trust/accounts.ts';
import type { StaffSessions } from '../trust/staff-sessions.ts';
import { dropStaffCookie, keepStaffCookie, STAFF_COOKIE } from './authorise.ts';
import { param, type Route, route, routeWithoutBody, staffOf } from './route.ts';

/** What signing in and accounts need. */
export type StaffServices = {
  readonly accounts: Accounts;
  readonly sessions: StaffSessions;
};

const password = z.string().min(1).max(200);
const accountName = z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/, 'use 2–32 of a–z, 0–9, . _ -');
const SignIn = z.strictObject({ name: z.string().min(1).max(64), password });
const PasswordChange = z.strictObject({ current: password, next: password });
const NewAccount = z.strictObject({
  name: accountName,
  displayName: z.string().trim().min(1).max(40),
  role: z.enum(['agent', 'supervisor', 'it']),
  skills: z.array(z.string().max(64)).max(40).default([]),
});

/** Routes for signing in and for accounts. */
export function staffRoutes(services: StaffServices): Route[] {
  return [...signInRoutes(services), ...accountRoutes(services)];
}

function signInRoutes({ accounts, sessions }: StaffServices): Route[] {
  return [
    route('POST', '/api/v1/staff/sign-in', 'Sign in', SignIn, async (request) => {
      const { name, password } = request.body;
      const { address } = request.caller;
      const account = await accounts.signIn({ name, password, address });
      keepStaffCookie(request.context, sessions.issue(account));
      return staffView(account);
    }),
    routeWithoutBody('POST', '/api/v1/staff/sign-out', 'Sign out', async (request) => {
      sessions.signOut(getCookie(request.context, STAFF_COOKIE) ?? '');
      dropStaffCookie(request.context);
    }),
    routeWithoutBody('GET', '/api/v1/staff/me', 'Who is signed in', async (request) =>
      staffView(staffOf(request)),
    ),
    route('POST', '/api/v1/staff/password', 'Set a password', PasswordChange, async (request) => {
      const { current, next } = request.body;
      const { name } = staffOf(request);
      const { address } = request.caller;
      const account = await accounts.changePassword({ name, password: current, address }, next);
      // The change ended every session of the account; this one goes on.
      keepStaffCookie(request.context, sessions.issue(account));
      return staffView(account);
    }),
  ];
}

function accountRoutes({ accounts }: StaffServices): Route[] {
  const base = '/api/v1/staff/accounts';
  return [
    routeWithoutBody('GET', base, 'The accounts', async () => accounts.list().map(staffView)),
    route('POST', base, 'Create an account', NewAccount, async (request) =>
      accessView(accounts, await accounts.createAccount(request.body, staffOf(request).name)),
    ),
    routeWithoutBody('POST', `${base}/:name/reset`, 'Give a new password', async (request) => {
      const by = staffOf(request).name;
      return accessView(accounts, await accounts.resetPassword(param(request, 'name'), by));
    }),
  ];
}

function staffView({ name, displayName, role, mustChangePassword }: Account): StaffView {
  return { name, displayName, role, mustChangePassword };
}

function accessView(accounts: Accounts, { name, oneTimePassword }: OneTimeAccess) {
  const account = accounts.find(name);
  return { account: account && staffView(account), oneTimePassword };
}
