import { type Context, Hono, type Next } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { z } from 'zod';
import type { Role } from '../domain/account.ts';
import { InputError, InternalError } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';
import type { Log } from '../domain/ports.ts';
import { authorise, type Credentials } from './authorise.ts';
import { problemResponse, statusOf, toApplianceError } from './problem.ts';
import { readerLanguage } from './reader-language.ts';
import type { Route } from './route.ts';

/** What the application is made from. */
export type AppOptions = {
  readonly routes: readonly Route[];
  /** `METHOD /path` → who may call it. A route without a row, or a row without a route, stops the start. */
  readonly permissions: Readonly<Record<string, readonly Role[]>>;
  readonly credentials: Credentials;
  readonly log: Log;
};

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Builds the one way in: headers, limits, permission, schema, handler, problem details.
 *
 * @throws InternalError when routes and permission table do not match row by row
 */
export function buildApp(options: AppOptions): Hono {
  checkTable(options);
  const app = new Hono();
  app.use(secureHeaders(HEADERS));
  app.use('/api/*', forbidCaching);
  app.onError((thrown, context) => refuse(context, thrown, options.log));
  app.notFound((context) =>
    refuse(context, notFound(context.req.method, context.req.path), options.log),
  );
  for (const one of options.routes) {
    const row = rowOf(one);
    const allowed = options.permissions[row] ?? [];
    app.on(one.method, one.path, async (context) => {
      const caller = authorise(context, row, allowed, options.credentials);
      const body = one.body === null ? undefined : await readBody(context, one.body);
      const language = languageOf(context);
      const result = await one.handle({
        caller,
        params: context.req.param(),
        body,
        language,
        context,
      });
      if (result instanceof Response) return result;
      if (result === undefined) return context.body(null, 204);
      return context.json(result as object);
    });
  }
  refuseOtherMethods(app, options);
  return app;
}

/** The name of a route's row in the permission table. */
export function rowOf(one: Pick<Route, 'method' | 'path'>): string {
  return `${one.method} ${one.path}`;
}

function checkTable({ routes, permissions }: AppOptions): void {
  const rows = new Set(routes.map(rowOf));
  const missing = [...rows].filter((row) => !(row in permissions));
  const idle = Object.keys(permissions).filter((row) => !rows.has(row));
  if (missing.length + idle.length > 0) {
    throw new InternalError('INTERNAL_UNEXPECTED', {
      detail: `the permission table lacks [${missing}] and has rows without a route [${idle}]`,
    });
  }
}

/** A known path with another method gets 405, not 404. */
function refuseOtherMethods(app: Hono, { routes, log }: AppOptions): void {
  for (const path of new Set(routes.map((one) => one.path)))
    app.all(path, (context) => {
      const methods = routes.filter((one) => one.path === path).map((one) => one.method);
      const error = new InputError('HTTP_METHOD_NOT_ALLOWED', {
        detail: `${context.req.path} takes ${methods.join(', ')}, not ${context.req.method}`,
      });
      const response = refuse(context, error, log);
      response.headers.set('allow', methods.join(', '));
      return response;
    });
}

/** What one person was told must not lie in a cache that the next one reads. */
async function forbidCaching(context: Context, next: Next): Promise<void> {
  await next();
  if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store');
}

async function readBody(context: Context, schema: z.ZodType): Promise<unknown> {
  const source = await readText(context);
  let body: unknown;
  try {
    body = JSON.parse(source);
  } catch (cause) {
    throw new InputError('HTTP_BODY_NOT_JSON', {
      detail: `a body of ${source.length} characters is not JSON; send application/json`,
      cause,
    });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InputError('HTTP_INPUT_INVALID', {
    detail: z.prettifyError(parsed.error).replaceAll('\n', ' '),
  });
}

function refuse(context: Context, thrown: unknown, log: Log): Response {
  const error = toApplianceError(thrown);
  if (statusOf(error) === 500)
    log.error('a request failed', {
      code: error.code,
      method: context.req.method,
      path: context.req.routePath,
      error: error.cause ?? error,
    });
  return problemResponse(error, context.req.path, languageOf(context));
}

/**
 * Reads a body that is not too large.
 *
 * The announced length is enough: Node lets no more than that through, and a body sent in chunks of
 * unknown length is refused, as no page of ours sends one.
 */
async function readText(context: Context): Promise<string> {
  const announced = Number(context.req.header('content-length') ?? 0);
  const isChunked = context.req.header('transfer-encoding') !== undefined;
  const text = isChunked || announced > MAX_BODY_BYTES ? null : await context.req.text();
  if (text === null || text.length > MAX_BODY_BYTES) {
    throw new InputError('HTTP_BODY_TOO_LARGE', {
      detail: `bodies end at ${MAX_BODY_BYTES} bytes and announce their length; shorten it`,
    });
  }
  return text;
}

function notFound(method: string, path: string): InputError {
  return new InputError('HTTP_NOT_FOUND', { detail: `nothing answers ${method} ${path}` });
}

function languageOf(context: Context): Language {
  return readerLanguage(context.req.header('accept-language'));
}

const HEADERS: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    connectSrc: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
  },
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
  crossOriginOpenerPolicy: 'same-origin',
  strictTransportSecurity: 'max-age=31536000',
};
