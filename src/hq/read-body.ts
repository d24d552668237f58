import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { ErrorCode } from '../domain/error-catalogue.ts';
import { InputError } from '../domain/errors.ts';

/** Refuses bodies above `bytes`; Hono would take 64 MiB. */
export function limitBody(bytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw new InputError('HTTP_BODY_TOO_LARGE', { detail: `the body is above ${bytes} bytes` });
    },
  });
}

/**
 * Reads a JSON body by its schema.
 *
 * @param code what to call a body that does not fit
 * @throws InputError HTTP_BODY_NOT_JSON or `code`
 */
export async function readBody<T>(
  context: Context,
  schema: z.ZodType<T>,
  code: ErrorCode = 'HTTP_INPUT_INVALID',
): Promise<T> {
  const text = await context.req.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new InputError('HTTP_BODY_NOT_JSON', { detail: 'the body is not JSON', cause });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InputError(code, { detail: z.prettifyError(parsed.error).slice(0, 500) });
}
