import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StaticPages } from '../../src/http/static-pages.ts';
import { apiWorld, problemOf } from '../support/api-world.ts';

const responses = suite('headers and cookies');

const folder = await mkdtemp(join(tmpdir(), 'pages-'));
responses.after(() => rm(folder, { recursive: true, force: true }));
await mkdir(join(folder, 'kiosk'));
await mkdir(join(folder, 'assets'));
await writeFile(join(folder, 'kiosk', 'index.html'), '<!doctype html><title>掌柜</title>');
await writeFile(join(folder, 'assets', 'kiosk-1a2b.js'), 'export {};');
await writeFile(join(folder, 'assets', 'strange.bin'), 'x');

async function withPages() {
  const pages = new StaticPages(folder);
  await pages.start();
  return apiWorld({ pages });
}

responses('carry the security headers, whatever the answer', async () => {
  const { call } = await withPages();
  const paths = ['/', '/api/v1/kiosk', '/api/v1/nothing', '/assets/kiosk-1a2b.js', '/livez'];
  for (const path of [...paths, '/api/v1/status']) {
    const { headers } = await call('GET', path);
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'self'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      assert.ok(policy.includes(rule), `${path}: ${policy}`);
    assert.not.match(policy, /unsafe|\*|https?:/);
    assert.is(headers.get('x-content-type-options'), 'nosniff', path);
    assert.is(headers.get('x-frame-options'), 'DENY', path);
    assert.is(headers.get('referrer-policy'), 'no-referrer', path);
    assert.match(headers.get('strict-transport-security') ?? '', /max-age=\d{7,}/);
    assert.is(headers.get('x-powered-by'), null);
  }
});

responses('forbid caches to keep what the API says', async () => {
  const { call, openVisit, staffCookie } = apiWorld();
  const { sessionId, token } = await openVisit();
  const cookie = await staffCookie('agent');
  const told = [
    await call('GET', `/api/v1/sessions/${sessionId}`, undefined, { token }),
    await call('GET', '/api/v1/desk/escalations', undefined, { cookie }),
    await call('POST', '/api/v1/sessions', {}),
    await call('GET', '/api/v1/desk/escalations'),
  ];
  for (const { headers } of told) assert.is(headers.get('cache-control'), 'no-store');
});

responses('name the type of every page, and serve nothing but pages', async () => {
  const { call } = await withPages();
  const page = await call('GET', '/');
  assert.is(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(page.text, /掌柜/);
  const script = await call('GET', '/assets/kiosk-1a2b.js');
  assert.is(script.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.match(script.headers.get('cache-control') ?? '', /immutable/);
  const strange = await call('GET', '/assets/strange.bin');
  assert.is(strange.headers.get('content-type'), 'application/octet-stream');
  const etag = page.headers.get('etag') ?? '';
  const again = await call('GET', '/', undefined, { headers: { 'if-none-match': etag } });
  assert.is(again.status, 304);
  for (const path of [
    '/assets/',
    '/kiosk',
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fetc/passwd',
  ])
    assert.is((await call('GET', path)).status, 404, path);
});

responses(
  'hand a signed-in person a cookie that scripts, plain HTTP and other sites never see',
  async () => {
    const { call, accounts, clock } = apiWorld();
    const access = await accounts.ensureFirstAccount();
    const signIn = { name: 'admin', password: access?.oneTimePassword ?? '' };
    const signedIn = await call('POST', '/api/v1/staff/sign-in', signIn);
    assert.is(signedIn.status, 200, signedIn.text);
    const cookieOf = (headers: Headers) => headers.getSetCookie()[0] ?? '';
    const cookie = cookieOf(signedIn.headers);
    for (const flag of [
      /^__Host-staff=/,
      /; HttpOnly/i,
      /; Secure/i,
      /; SameSite=Strict/i,
      /; Path=\//i,
    ])
      assert.match(cookie, flag);
    assert.not.match(cookie, /Domain=/i);
    assert.equal(signedIn.body, {
      ...{ name: 'admin', displayName: '管理员', role: 'supervisor', mustChangePassword: true },
    });
    await clock.advance(2 * 60_000);
    const shown = cookie.split(';')[0] ?? '';
    const next = { current: signIn.password, next: 'a password of my own' };
    const changed = await call('POST', '/api/v1/staff/password', next, { cookie: shown });
    assert.is(changed.status, 200, changed.text);
    const cookies = changed.headers.getSetCookie();
    assert.is(cookies.length, 1, 'one cookie, for the new password');
    const mine = cookies[0]?.split(';')[0] ?? '';
    const me = (at: string) => call('GET', '/api/v1/staff/me', undefined, { cookie: at });
    assert.is((await me(mine)).status, 200);
    assert.is((await me(shown)).status, 401, 'the session of the old password is over');
    await clock.advance(2 * 60_000);
    const out = await call('POST', '/api/v1/staff/sign-out', undefined, { cookie: mine });
    assert.is(out.headers.getSetCookie().length, 1);
    assert.match(cookieOf(out.headers), /^__Host-staff=; .*Max-Age=0/i);
  },
);

responses('renew the cookie of somebody who works, not of somebody who is away', async () => {
  const { call, staffCookie, clock } = apiWorld();
  const cookie = await staffCookie('agent');
  const me = () => call('GET', '/api/v1/staff/me', undefined, { cookie });
  assert.equal((await me()).headers.getSetCookie(), []);
  await clock.advance(10 * 60_000);
  assert.match((await me()).headers.getSetCookie()[0] ?? '', /HttpOnly.*Secure.*SameSite=Strict/);
  await clock.advance(31 * 60_000);
  assert.is((await me()).status, 401);
});

responses(
  'say the same of a wrong name as of a wrong password, and slow guessing down',
  async () => {
    const { call, accounts } = apiWorld();
    await accounts.ensureFirstAccount();
    const guess = (name: string) =>
      call('POST', '/api/v1/staff/sign-in', { name, password: 'wrong password' });
    const [known, unknown] = [await guess('admin'), await guess('nobody')];
    assert.is(known.status, 401);
    assert.equal(problemOf(known), problemOf(unknown));
    let last = known;
    for (let tries = 0; tries < 8 && last.status === 401; tries += 1) last = await guess('admin');
    assert.is(last.status, 503);
    assert.is(problemOf(last).code, 'TRUST_SIGN_IN_BUSY');
    assert.ok(Number(last.headers.get('retry-after')) >= 1);
  },
);

responses.run();
