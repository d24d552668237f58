import type { Role } from '../domain/account.ts';

const EVERYONE = ['public'] as const;
const VISITOR = ['customer'] as const;
const STAFF = ['agent', 'supervisor', 'it'] as const;
const DESK = ['agent', 'supervisor'] as const;
const PEOPLE = ['supervisor', 'it'] as const;

/**
 * Who may call which route: the one permission table.
 *
 * A route that is not in here may be called by nobody. `public` means everybody, signed in or not.
 */
export const PERMISSIONS = {
  'GET /api/v1/kiosk': EVERYONE,
  'POST /api/v1/sessions': EVERYONE,
  'GET /api/v1/forms/:form': EVERYONE,
  'GET /api/v1/tickets/:number': EVERYONE,
  'POST /api/v1/staff/sign-in': EVERYONE,
  'GET /livez': EVERYONE,
  'GET /readyz': EVERYONE,
  'GET /openapi.json': EVERYONE,

  'GET /api/v1/sessions/:id': VISITOR,
  'DELETE /api/v1/sessions/:id': VISITOR,
  'POST /api/v1/sessions/:id/turns': VISITOR,
  'POST /api/v1/sessions/:id/person': VISITOR,
  'POST /api/v1/sessions/:id/feedback': VISITOR,
  'POST /api/v1/sessions/:id/restart': VISITOR,
  'POST /api/v1/sessions/:id/forms/:form': VISITOR,
  'GET /api/v1/sessions/:id/events': VISITOR,

  'GET /api/v1/staff/me': STAFF,
  'POST /api/v1/staff/sign-out': STAFF,
  'POST /api/v1/staff/password': STAFF,
  'GET /api/v1/status': STAFF,

  'GET /api/v1/desk/escalations': DESK,
  'GET /api/v1/desk/escalations/:id': DESK,
  'POST /api/v1/desk/escalations/:id/claim': DESK,
  'POST /api/v1/desk/escalations/:id/heartbeat': DESK,
  'POST /api/v1/desk/escalations/:id/release': DESK,
  'POST /api/v1/desk/escalations/:id/messages': DESK,
  'POST /api/v1/desk/escalations/:id/resolve': DESK,
  'GET /api/v1/desk/events': DESK,
  'GET /api/v1/desk/tickets': DESK,
  'POST /api/v1/desk/tickets/:number/status': DESK,
  'POST /api/v1/desk/tickets/:number/reveal': DESK,

  'GET /api/v1/staff/accounts': PEOPLE,
  'POST /api/v1/staff/accounts': PEOPLE,
  'POST /api/v1/staff/accounts/:name/reset': PEOPLE,

  'GET /metrics': ['it', 'local'],
} as const satisfies Record<`${'GET' | 'POST' | 'DELETE'} /${string}`, readonly Role[]>;

type Route = keyof typeof PERMISSIONS;

/** Says whether a role may call a route, `METHOD /path` with its parameters as `:name`. */
export function may(role: Role, route: string): boolean {
  if (!Object.hasOwn(PERMISSIONS, route)) return false;
  const roles: readonly Role[] = PERMISSIONS[route as Route];
  return roles.includes('public') || roles.includes(role);
}
