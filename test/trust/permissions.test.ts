import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Role } from '../../src/domain/account.ts';
import { may, PERMISSIONS } from '../../src/trust/permissions.ts';

const permissions = suite('permissions');

const ROLES: readonly Role[] = ['public', 'customer', 'agent', 'supervisor', 'it', 'local'];

/** Written by hand a second time, by role: who may call what, apart from what everybody may. */
const EVERYBODY = [
  'GET /api/v1/kiosk',
  'POST /api/v1/sessions',
  'GET /api/v1/forms/:form',
  'GET /api/v1/tickets/:number',
  'POST /api/v1/staff/sign-in',
  'GET /livez',
  'GET /readyz',
  'GET /openapi.json',
];
const CUSTOMER = [
  'GET /api/v1/sessions/:id',
  'DELETE /api/v1/sessions/:id',
  'POST /api/v1/sessions/:id/turns',
  'POST /api/v1/sessions/:id/person',
  'POST /api/v1/sessions/:id/feedback',
  'POST /api/v1/sessions/:id/restart',
  'POST /api/v1/sessions/:id/forms/:form',
  'GET /api/v1/sessions/:id/events',
];
const SIGNED_IN = [
  'GET /api/v1/staff/me',
  'POST /api/v1/staff/sign-out',
  'POST /api/v1/staff/password',
  'GET /api/v1/status',
];
const DESK = [
  'GET /api/v1/desk/escalations',
  'GET /api/v1/desk/escalations/:id',
  'POST /api/v1/desk/escalations/:id/claim',
  'POST /api/v1/desk/escalations/:id/heartbeat',
  'POST /api/v1/desk/escalations/:id/release',
  'POST /api/v1/desk/escalations/:id/messages',
  'POST /api/v1/desk/escalations/:id/resolve',
  'GET /api/v1/desk/events',
  'GET /api/v1/desk/tickets',
  'POST /api/v1/desk/tickets/:number/status',
  'POST /api/v1/desk/tickets/:number/reveal',
];
const PEOPLE = [
  'GET /api/v1/staff/accounts',
  'POST /api/v1/staff/accounts',
  'POST /api/v1/staff/accounts/:name/reset',
];
const EXPECTED: Readonly<Record<Role, readonly string[]>> = {
  public: EVERYBODY,
  customer: [...EVERYBODY, ...CUSTOMER],
  agent: [...EVERYBODY, ...SIGNED_IN, ...DESK],
  supervisor: [...EVERYBODY, ...SIGNED_IN, ...DESK, ...PEOPLE],
  it: [...EVERYBODY, ...SIGNED_IN, ...PEOPLE, 'GET /metrics'],
  local: [...EVERYBODY, 'GET /metrics'],
};

for (const role of ROLES) {
  permissions(`lets ${role} call its routes and no other`, () => {
    for (const route of Object.keys(PERMISSIONS)) {
      assert.is(may(role, route), EXPECTED[role].includes(route), `${role} ${route}`);
    }
    for (const route of EXPECTED[role]) assert.ok(may(role, route), `${role} ${route}`);
  });
}

permissions('denies every role what the table does not know', () => {
  for (const role of ROLES) {
    for (const route of ['GET /api/v1/unknown', 'PUT /api/v1/kiosk', 'toString', '__proto__', '']) {
      assert.not.ok(may(role, route), `${role} ${route}`);
    }
  }
});

permissions.run();
