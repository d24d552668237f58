import type { HttpBindings } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, Hono } from 'hono';
import type { Role } from '../domain/account.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { buildApp } from './app.ts';
import type { Credentials } from './authorise.ts';
import { type CustomerServices, customerRoutes } from './customer-routes.ts';
import { type DeskServices, deskRoutes } from './desk-routes.ts';
import { type DeskViewSources, DeskViews } from './desk-views.ts';
import { type StreamServices, streamRoutes } from './event-streams.ts';
import { type OperationsServices, operationsRoutes } from './operations-routes.ts';
import { RateLimiter } from './rate-limit.ts';
import { type StaffServices, staffRoutes } from './staff-routes.ts';
import type { StaticPages } from './static-pages.ts';

/** Everything that the API is made from. */
export type ApiOptions = DeskViewSources &
  Omit<CustomerServices, 'views' | 'openLimit' | 'turnLimit'> &
  Omit<DeskServices, 'views'> &
  Omit<StreamServices, 'views'> &
  OperationsServices &
  StaffServices & {
    readonly permissions: Readonly<Record<string, readonly Role[]>>;
    readonly pages: StaticPages;
    readonly clock: Clock;
    readonly log: Log;
    readonly turnsPerSecond: number;
    readonly opensPerSecond: number;
  };

/** Joins routes, pages and permissions into the one application that is served. */
export function createApi(options: ApiOptions): Hono {
  const { clock, turnsPerSecond, opensPerSecond } = options;
  const views = new DeskViews(options);
  const limiter = (perSecond: number) =>
    new RateLimiter({ perSecond, burst: Math.max(5, perSecond * 3) }, clock);
  const services = {
    ...options,
    views,
    turnLimit: limiter(turnsPerSecond),
    openLimit: limiter(opensPerSecond),
  };
  const routes = [
    ...customerRoutes(services),
    ...staffRoutes(services),
    ...deskRoutes(services),
    ...streamRoutes(services),
  ];
  const app = buildApp({
    routes: [...routes, ...operationsRoutes(services, routes)],
    permissions: options.permissions,
    credentials: credentialsOf(options),
    log: options.log,
  });
  options.pages.mount(app, {
    '/': '/kiosk/index.html',
    '/staff': '/staff/index.html',
    '/t/:number': '/ticket/index.html',
  });
  return app;
}

function credentialsOf({ visits, sessions }: ApiOptions): Credentials {
  return {
    ownsVisit: (sessionId, token) => {
      const isOwner = visits.owns(sessionId, token);
      if (isOwner) visits.touch(sessionId);
      return isOwner;
    },
    staffOf: (token) => sessions.check(token),
    addressOf: (context: Context<{ Bindings: HttpBindings }>) =>
      getConnInfo(context).remote.address ?? '',
  };
}
