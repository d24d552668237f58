import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { FakeBox } from './fake-api/fake-box.ts';
import { makeEvents, makeFleet } from './fake-api/figures.ts';
import { accountRoutes, deskRoutes } from './fake-api/staff-routes.ts';
import { visitRoutes } from './fake-api/visit-routes.ts';

/** What the real server sends with every page. */
const CSP =
  "default-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The key that opens the fake headquarters. */
export const HQ_KEY = 'open sesame';

async function page(c: Context, pagesDir: string, path: string): Promise<Response> {
  try {
    const body = await readFile(join(pagesDir, path));
    return c.body(body, 200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
    });
  } catch {
    return c.notFound();
  }
}

/** The fake headquarters, on a port of its own as the real one. */
type FakeHq = { fleet: ReturnType<typeof makeFleet>; isOpen: boolean };

function hqApp(pagesDir: string, hq: FakeHq): Hono {
  const app = new Hono();
  app.get('/', (c) => page(c, pagesDir, 'hq/index.html'));
  app.get('/assets/:file', (c) => page(c, pagesDir, `assets/${c.req.param('file')}`));
  const refusal = new FakeBox();
  app.post('/api/sign-in', async (c) => {
    const { key } = await c.req.json<{ key: string }>();
    hq.isOpen = key === HQ_KEY;
    if (hq.isOpen) return c.body(null, 204);
    const language = c.req.header('accept-language') ?? '';
    return c.json(refusal.problem('TRUST_SIGN_IN_REFUSED', language), 401);
  });
  app.use('/api/*', async (c, next) => {
    if (hq.isOpen) return next();
    const language = c.req.header('accept-language') ?? '';
    return c.json(refusal.problem('TRUST_NOT_SIGNED_IN', language), 401);
  });
  app.get('/api/fleet', (c) => c.json(hq.fleet));
  app.get('/api/fleet/:appliance/events', (c) => {
    const events = c.req.query('after') === '0' ? makeEvents() : [];
    return c.json({ events, next: 24 });
  });
  return app;
}

function boxApp(pagesDir: string, box: FakeBox): Hono {
  const app = new Hono();
  app.get('/', (c) => page(c, pagesDir, 'kiosk/index.html'));
  app.get('/staff', (c) => page(c, pagesDir, 'staff/index.html'));
  app.get('/assets/:file', (c) => page(c, pagesDir, `assets/${c.req.param('file')}`));
  app.use('/api/*', async (c, next) =>
    box.isAway ? c.html('<h1>502 Bad Gateway</h1>', 502) : next(),
  );
  app.route('/api/v1', visitRoutes(box));
  app.route('/api/v1', accountRoutes(box));
  app.route('/api/v1', deskRoutes(box));
  return app;
}

function listen(app: Hono): Promise<{ readonly url: string; close(): void }> {
  return new Promise((resolve) => {
    const server = serve(
      { fetch: app.fetch, hostname: '127.0.0.1', port: 0 },
      (info: AddressInfo) =>
        resolve({
          url: `http://127.0.0.1:${info.port}`,
          close: () => {
            server.close();
            if ('closeAllConnections' in server) server.closeAllConnections();
          },
        }),
    );
  });
}

/** A box and a headquarters in memory that serve the built pages and follow the API contract. */
export type FakeApi = {
  readonly url: string;
  readonly hqUrl: string;
  readonly box: FakeBox;
  readonly hq: FakeHq;
  close(): void;
};

/** Starts the fake box and headquarters on free loopback ports. */
export async function startFakeApi(pagesDir: string): Promise<FakeApi> {
  const box = new FakeBox();
  const hq: FakeHq = { fleet: makeFleet(), isOpen: false };
  const [served, hqServed] = await Promise.all([
    listen(boxApp(pagesDir, box)),
    listen(hqApp(pagesDir, hq)),
  ]);
  const close = (): void => {
    served.close();
    hqServed.close();
  };
  return { url: served.url, hqUrl: hqServed.url, box, hq, close };
}
