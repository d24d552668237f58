import { z } from 'zod';
import type { Route } from './route.ts';

/** Describes the API as OpenAPI 3.1, from the very routes that are served. */
export function describeApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of routes) {
    const path = one.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: describeRoute(one) };
  }
  return {
    openapi: '3.1.0',
    info: { title: '掌柜 Zhanggui', version, license: { name: 'Apache-2.0' } },
    paths,
    components: {
      securitySchemes: {
        visit: { type: 'http', scheme: 'bearer', description: 'The token of an opened visit' },
        staff: { type: 'apiKey', in: 'cookie', name: '__Host-staff' },
      },
      schemas: { Problem: PROBLEM },
    },
  };
}

function describeRoute(one: Route): object {
  const names = [...one.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  return {
    operationId: `${one.method.toLowerCase()}${one.path.replace(/[^A-Za-z0-9]+/g, '_')}`,
    summary: one.summary,
    security: securityOf(one.path),
    parameters: names.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...(one.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: bodySchema(one.body) } },
          },
        }
      : {}),
    responses: {
      '2XX': { description: 'Done' },
      default: {
        description: 'Refused; says what to do',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

function securityOf(path: string): object[] {
  if (path.startsWith('/api/v1/sessions/')) return [{ visit: [] }];
  if (/^\/api\/v1\/(desk|staff|status)/.test(path) && !path.endsWith('/sign-in'))
    return [{ staff: [] }];
  // The box's own machine needs no account.
  if (path === '/metrics') return [{ staff: [] }, {}];
  return [];
}

function bodySchema(body: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(body, { io: 'input' });
  return schema;
}

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457 problem details; `title` is advice in the reader’s language',
  required: ['type', 'title', 'status', 'code', 'detail', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    fields: { type: 'object', additionalProperties: { type: 'string' } },
  },
};
