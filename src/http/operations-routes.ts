import type { StatusView } from '../domain/views.ts';
import type { Connectivity, Verdict } from '../watch/liveness.ts';
import { describeApi } from './openapi.ts';
import { type Route, routeWithoutBody } from './route.ts';

/** What operators and their tools ask. */
export type OperationsServices = {
  readonly status: () => StatusView;
  readonly live: () => Verdict;
  readonly ready: () => Verdict;
  /** How the line to headquarters is: no reason to send customers elsewhere. */
  readonly connectivity: () => Connectivity;
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
  readonly version: string;
};

/** Health, metrics, status and the API's own description. `routes` are all the others. */
export function operationsRoutes(services: OperationsServices, routes: readonly Route[]): Route[] {
  const health = (answer: Verdict, more: object = {}) =>
    Response.json({ ...answer, ...more }, { status: answer.ok ? 200 : 503 });
  const own: Route[] = [
    routeWithoutBody('GET', '/livez', 'Whether the process works', async () =>
      health(services.live()),
    ),
    routeWithoutBody('GET', '/readyz', 'Whether a customer would be answered', async () =>
      health(services.ready(), { connectivity: services.connectivity() }),
    ),
    routeWithoutBody('GET', '/metrics', 'Prometheus metrics', async () => {
      const { type, text } = await services.metrics();
      return new Response(text, { headers: { 'content-type': type } });
    }),
    routeWithoutBody('GET', '/api/v1/status', 'How the box is', async () => services.status()),
  ];
  const description = routeWithoutBody('GET', '/openapi.json', 'This description', async () =>
    describeApi([...routes, ...own, description], services.version),
  );
  return [...own, description];
}
