import type { Context } from 'hono';
import type { z } from 'zod';
import type { Account, Role } from '../domain/account.ts';
import type { Language } from '../domain/language.ts';

/** Who makes a request, as far as the server could tell. */
export type Caller = {
  readonly role: Role;
  /** The visit whose token was shown; null for everyone else. */
  readonly visit: string | null;
  readonly staff: Account | null;
  /** Address of the other end; never logged with what was said. */
  readonly address: string;
};

/** What a handler gets: everything checked. */
export type Request<Body> = {
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Body;
  /** The reader's language (Accept-Language, Chinese by default). */
  readonly language: Language;
  readonly context: Context;
};

/** One route of the API. Its row in the permission table decides who may call it. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly body: z.ZodType | null;
  /**
   * Does the work.
   *
   * @returns a value that is sent as JSON, undefined for 204, or a finished response
   */
  readonly handle: (request: Request<unknown>) => Promise<unknown>;
};

/** A route whose body has passed `body`. */
export function route<Body>(
  method: Route['method'],
  path: string,
  summary: string,
  body: z.ZodType<Body>,
  handle: (request: Request<Body>) => Promise<unknown>,
): Route {
  return { method, path, summary, body, handle: (request) => handle(request as Request<Body>) };
}

/** A route without a body. */
export function routeWithoutBody(
  method: Route['method'],
  path: string,
  summary: string,
  handle: (request: Request<unknown>) => Promise<unknown>,
): Route {
  return { method, path, summary, body: null, handle };
}

/** Staff behind a request; the permission table has let nobody else through. */
export function staffOf(request: Request<unknown>): Account {
  const { staff } = request.caller;
  if (staff === null) throw new TypeError('the permission table let a caller without account in');
  return staff;
}

/** A path parameter that the route declares. */
export function param(request: Request<unknown>, name: string): string {
  const value = request.params[name];
  if (value === undefined) throw new TypeError(`the route has no parameter ${name}`);
  return value;
}
