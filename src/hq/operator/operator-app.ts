import { existsSync } from 'node:fs';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import { z } from 'zod';
import { InputError } from '../../domain/errors.ts';
import type { Log, Projected } from '../../domain/ports.ts';
import { type FleetState, findAppliance, listFleet } from '../collector/fleet-projection.ts';
import { answerProblem } from '../problem.ts';
import { limitBody, readBody } from '../read-body.ts';
import { type HqLedgerReader, listEvents } from './list-events.ts';
import type { OperatorAccess } from './operator-access.ts';

const COOKIE = '__Host-operator';
const COOKIE_OPTIONS = { httpOnly: true, secure: true, sameSite: 'Strict', path: '/' } as const;

const Place = z.coerce.number().int().nonnegative();
const SignIn = z.object({ key: z.string().max(200) });

/** What the operator's listener needs. */
export type OperatorAppOptions = {
  readonly access: OperatorAccess;
  readonly fleet: Projected<FleetState>;
  readonly ledger: HqLedgerReader;
  /** Folder of the built pages: `hq/index.html` and `assets/`. */
  readonly pagesDir: string;
  readonly log: Log;
};

/** Builds the fleet page and what it reads; the page itself is open, everything it shows is not. */
export function createOperatorApp(options: OperatorAppOptions): Hono {
  const { access, fleet, log } = options;
  const app = new Hono();
  app.onError((error, context) => answerProblem(context, error, log));
  app.notFound((context) => answerProblem(context, notFound(context.req.path), log));
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'self'"], frameAncestors: ["'none'"] },
    }),
  );

  app.post('/api/sign-in', limitBody(1024), async (context) => {
    const { key } = await readBody(context, SignIn);
    const session = await access.signIn(key);
    if (session === null) {
      throw new InputError('TRUST_SIGN_IN_REFUSED', {
        detail: 'that is not the access key; "reset-access-key" makes a new one',
      });
    }
    setCookie(context, COOKIE, session, COOKIE_OPTIONS);
    return context.body(null, 204);
  });
  app.post('/api/sign-out', (context) => {
    access.signOut(getCookie(context, COOKIE) ?? '');
    deleteCookie(context, COOKIE, COOKIE_OPTIONS);
    return context.body(null, 204);
  });

  // Whatever is added to the interface below needs the operator.
  app.use('/api/*', async (context, next) => {
    if (!access.isSignedIn(getCookie(context, COOKIE) ?? '')) {
      throw new InputError('TRUST_NOT_SIGNED_IN', { detail: 'sign in with the access key' });
    }
    context.header('cache-control', 'no-store');
    await next();
  });
  app.get('/api/fleet', (context) => context.json(listFleet(fleet.state)));
  app.get('/api/fleet/:appliance/events', async (context) => {
    const appliance = context.req.param('appliance');
    if (findAppliance(fleet.state, appliance) === null) throw notFound(context.req.path);
    const after = Place.safeParse(context.req.query('after') ?? '0');
    if (!after.success) {
      throw new InputError('HTTP_INPUT_INVALID', {
        detail: '"after" is not a whole number from 0',
      });
    }
    return context.json(await listEvents(options.ledger, appliance, after.data));
  });

  // Without the folder Hono's helper would print a warning of its own.
  if (existsSync(options.pagesDir)) {
    const root = options.pagesDir;
    app.get('/', serveStatic({ root, rewriteRequestPath: () => '/hq/index.html' }));
    app.get('/assets/*', serveStatic({ root }));
  } else {
    log.warn('the fleet page is not built: run npm run build', { pagesDir: options.pagesDir });
  }
  return app;
}

function notFound(path: string): InputError {
  return new InputError('HTTP_NOT_FOUND', { detail: `there is nothing at ${path}` });
}
