import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import { PERMISSIONS } from '../../src/trust/permissions.ts';
import { apiWorld } from '../support/api-world.ts';

const openapi = suite('OpenAPI description');

const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z]\w+$/),
  summary: z.string().min(2),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(
    z.strictObject({
      name: z.string().min(1),
      in: z.literal('path'),
      required: z.literal(true),
      schema: z.object({ type: z.string() }),
    }),
  ),
  requestBody: z
    .strictObject({
      required: z.literal(true),
      content: z.strictObject({
        'application/json': z.strictObject({ schema: z.looseObject({}) }),
      }),
    })
    .optional(),
  responses: z
    .record(
      z.string().regex(/^(default|[1-5](\d\d|XX))$/),
      z.looseObject({ description: z.string().min(1) }),
    )
    .refine((responses) => 'default' in responses && Object.keys(responses).length > 1),
});
/** What OpenAPI 3.1.0 demands of the parts that are used. */
const Description = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({
    title: z.string().min(1),
    version: z.string().min(1),
    license: z.strictObject({ name: z.string(), identifier: z.string().optional() }),
  }),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post', 'delete']), Operation),
  ),
  components: z.strictObject({
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.enum(['http', 'apiKey']) })),
    schemas: z.record(z.string(), z.looseObject({})),
  }),
});
type Operations = { readonly row: string; readonly path: string } & z.infer<typeof Operation>;

async function described() {
  const answer = await apiWorld().call('GET', '/openapi.json');
  assert.is(answer.status, 200);
  const description = Description.parse(answer.body);
  const operations: Operations[] = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      row: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    })),
  );
  return { description, operations, text: answer.text };
}

openapi('lists every route of the permission table and no other', async () => {
  const { operations } = await described();
  assert.equal(operations.map(({ row }) => row).sort(), Object.keys(PERMISSIONS).sort());
});

openapi('declares every path parameter, and names each operation once', async () => {
  const { operations } = await described();
  for (const { path, parameters } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    assert.equal(
      parameters.map(({ name }) => name),
      named,
      path,
    );
  }
  assert.is(new Set(operations.map((one) => one.operationId)).size, operations.length);
});

openapi('refers only to what it holds', async () => {
  const { description, text } = await described();
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  assert.ok(references.length > 0);
  for (const [, name = ''] of references) assert.ok(description.components.schemas[name], name);
  assert.is(text.match(/"\$ref"/g)?.length, references.length);
});

openapi('says of every route who may call it, as the permission table does', async () => {
  const { description, operations } = await described();
  const table: Readonly<Record<string, readonly string[]>> = PERMISSIONS;
  for (const { row, security } of operations) {
    const roles = table[row] ?? [];
    const schemes = security.flatMap((one) => Object.keys(one));
    for (const scheme of schemes) assert.ok(description.components.securitySchemes[scheme], row);
    const isStaff = roles.some((role) => ['agent', 'supervisor', 'it'].includes(role));
    const expected = roles.includes('customer') ? ['visit'] : isStaff ? ['staff'] : [];
    assert.equal(schemes, expected, row);
  }
});

openapi('describes bodies as they are checked', async () => {
  const { operations } = await described();
  const bodyOf = (row: string) =>
    JSON.stringify(operations.find((one) => one.row === row)?.requestBody ?? null);
  assert.match(bodyOf('POST /api/v1/staff/sign-in'), /"required":\["name","password"\]/);
  assert.match(bodyOf('POST /api/v1/sessions/:id/turns'), /"maxLength":20000/);
  assert.is(bodyOf('POST /api/v1/desk/escalations/:id/claim'), 'null');
  assert.not.match(bodyOf('POST /api/v1/sessions'), /"required":\["channel"/);
});

openapi.run();
