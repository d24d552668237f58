import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Role } from '../../src/domain/account.ts';
import { buildApp } from '../../src/http/app.ts';
import { routeWithoutBody } from '../../src/http/route.ts';
import { PERMISSIONS } from '../../src/trust/permissions.ts';
import { type ApiCall, apiWorld, CALLERS, problemOf } from '../support/api-world.ts';
import { silentLog } from '../support/dialogue-world.ts';

const permissions = suite('permissions over HTTP');

type World = ReturnType<typeof apiWorld>;
const TABLE: Readonly<Record<string, readonly Role[]>> = PERMISSIONS;
const DENIALS = ['TRUST_NOT_SIGNED_IN', 'TRUST_FORBIDDEN', 'SESSION_UNKNOWN'];

/** What every route takes that takes anything. */
const BODIES: Readonly<Record<string, unknown>> = {
  'POST /api/v1/sessions': {},
  'POST /api/v1/sessions/:id/turns': { text: '我的卡丢了' },
  'POST /api/v1/sessions/:id/feedback': { turn: 1, helpful: true },
  'POST /api/v1/sessions/:id/forms/:form': { submissionId: 'submission-1', values: {} },
  'POST /api/v1/staff/sign-in': { name: 'nobody', password: 'nothing' },
  'POST /api/v1/staff/password': { current: 'wrong', next: 'wrong too' },
  'POST /api/v1/desk/escalations/:id/messages': { text: '您好' },
  'POST /api/v1/desk/escalations/:id/resolve': { outcome: 'solved' },
  'POST /api/v1/desk/tickets/:number/status': { status: 'done' },
  'POST /api/v1/desk/tickets/:number/reveal': { reason: 'callback' },
  'POST /api/v1/staff/accounts': { name: 'li.na', displayName: '李娜', role: 'agent' },
};

/** What a caller shows: nothing, a token, a cookie, or where it sits. */
async function showing(world: World, caller: string, own: string): Promise<ApiCall> {
  if (caller === 'public') return {};
  if (caller === 'customer') return { token: own };
  if (caller === 'stranger') return { token: (await world.openVisit()).token };
  if (caller === 'local') return { address: '127.0.0.1' };
  return { cookie: await world.staffCookie(caller as 'agent' | 'supervisor' | 'it') };
}

/** The code of a refusal for want of permission; null when the caller was let in. */
async function denialOf(row: string, caller: string): Promise<[number, string | null]> {
  const world = apiWorld();
  const visit = await world.openVisit();
  const [method = '', route = ''] = row.split(' ');
  const path = route
    .replace('/sessions/:id', `/sessions/${visit.sessionId}`)
    .replace(/:form/, 'tiny.lost')
    .replace(/:\w+/, 'unknown');
  const response = await world.send(
    method,
    path,
    BODIES[row],
    await showing(world, caller, visit.token),
  );
  if (route.endsWith('/events') && response.ok) {
    await response.body?.cancel();
    return [response.status, null];
  }
  const text = await response.text();
  const code = response.ok ? null : (JSON.parse(text) as { code: string }).code;
  return [response.status, code !== null && DENIALS.includes(code) ? code : null];
}

for (const caller of CALLERS)
  permissions(`lets ${caller} in where the table says so and nowhere else`, async () => {
    for (const [row, roles] of Object.entries(TABLE)) {
      const isAllowed = roles.includes('public') || roles.includes(caller as Role);
      const [status, denial] = await denialOf(row, caller);
      if (isAllowed) {
        assert.is(denial, null, `${caller} is refused at ${row}: ${denial}`);
        assert.is.not(status, 500, row);
        continue;
      }
      const isStaff = ['agent', 'supervisor', 'it'].includes(caller);
      const expected = roles.includes('customer' as Role) ? 404 : isStaff ? 403 : 401;
      assert.is(status, expected, `${caller} at ${row}: ${status} ${denial}`);
      assert.ok(denial, `${caller} gets past the door of ${row}`);
    }
  });

permissions('tells a wrong token no more than a wrong visit', async () => {
  const { call, openVisit } = apiWorld();
  const mine = await openVisit();
  const other = await openVisit();
  const asked = [
    [mine.sessionId, other.token],
    [mine.sessionId, ''],
    ['nobody', mine.token],
    ['__proto__', mine.token],
    ['constructor', mine.token],
    ['%E0%A4%A', mine.token],
  ] as const;
  for (const [id, token] of asked) {
    const answer = await call('GET', `/api/v1/sessions/${id}`, undefined, { token });
    assert.is(answer.status, 404, id);
    assert.is(problemOf(answer).code, 'SESSION_UNKNOWN');
  }
});

permissions('opens nothing but the way to a new password with a one-time password', async () => {
  const { call, staffCookie } = apiWorld();
  for (const row of Object.keys(TABLE).filter((one) => TABLE[one]?.includes('supervisor'))) {
    const [method = '', path = ''] = row.split(' ');
    const cookie = await staffCookie('supervisor', true);
    const answer = await call(method, path, BODIES[row], { cookie });
    const isOpen = ['/me', '/password', '/sign-out'].some((end) => path.endsWith(`staff${end}`));
    assert.is(answer.status === 403, !isOpen, `${row}: ${answer.status}`);
    if (!isOpen) assert.is(problemOf(answer).code, 'TRUST_PASSWORD_MUST_CHANGE');
  }
});

permissions('takes neither a forged, a cut nor a signed-out cookie', async () => {
  const { call, staffCookie } = apiWorld();
  const cookie = await staffCookie('agent');
  const me = async (shown: string) =>
    (await call('GET', '/api/v1/staff/me', undefined, { cookie: shown })).status;
  assert.is(await me(cookie), 200);
  const forged = [cookie.slice(0, -2), `${cookie}x`, `${cookie}.x`, '__Host-staff=', 'staff=1'];
  for (const shown of [...forged, '__Host-staff=e30.e30', cookie.replace('__Host-', '')])
    assert.is(await me(shown), 401, shown);
  const out = await call('POST', '/api/v1/staff/sign-out', undefined, { cookie });
  assert.is(out.status, 204);
  assert.is(await me(cookie), 401);
});

permissions('stops the start when a route has no row, or a row no route', () => {
  const routes = [routeWithoutBody('GET', '/api/v1/new', 'New', async () => ({}))];
  const credentials = { ownsVisit: () => false, staffOf: () => null, addressOf: () => '' };
  const build = (table: Record<string, readonly Role[]>) => () =>
    buildApp({ routes, permissions: table, credentials, log: silentLog });
  assert.not.throws(build({ 'GET /api/v1/new': ['it'] }));
  assert.throws(build({}), /lacks \[GET \/api\/v1\/new\]/);
  assert.throws(
    build({ 'GET /api/v1/new': ['it'], 'GET /api/v1/old': ['it'] }),
    /without a route \[GET \/api\/v1\/old\]/,
  );
  assert.throws(() => apiWorld({ permissions: {} }), /INTERNAL_UNEXPECTED/);
});

permissions.run();
