import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ERROR_CATALOGUE, type ErrorCode } from '../domain/error-catalogue.ts';
import { ApplianceError, InternalError } from '../domain/errors.ts';
import type { Log } from '../domain/ports.ts';
import type { Problem } from '../domain/views.ts';

const STATUS: Partial<Readonly<Record<ErrorCode, ContentfulStatusCode>>> = {
  HTTP_BODY_NOT_JSON: 400,
  HTTP_INPUT_INVALID: 400,
  HTTP_BODY_TOO_LARGE: 413,
  HTTP_NOT_FOUND: 404,
  HTTP_RATE_LIMITED: 429,
  SYNC_BATCH_INVALID: 400,
  SYNC_HQ_REFUSED: 403,
  SYNC_SEQUENCE_GAP: 409,
  SYNC_ENROLMENT_REFUSED: 403,
  TRUST_SIGN_IN_REFUSED: 401,
  TRUST_NOT_SIGNED_IN: 401,
  MODEL_MISSING: 503,
  MODEL_LOAD_FAILED: 503,
  MODEL_HASH_MISMATCH: 503,
  MODEL_NOT_READY: 503,
  MODEL_QUEUE_FULL: 503,
  MODEL_TIMEOUT: 504,
  VAULT_BUSY: 503,
  VAULT_READ_ONLY: 503,
  VAULT_DISK_FULL: 507,
};

/** Answers with problem details (RFC 9457) in the language that the caller prefers. */
export function answerProblem(context: Context, error: unknown, log: Log): Response {
  const known = asApplianceError(error);
  if (known.code === 'INTERNAL_UNEXPECTED') {
    log.error('a request failed', { path: context.req.path, reason: String(error) });
  }
  const status = STATUS[known.code] ?? 500;
  const isChinese = context.req.header('accept-language')?.trim().startsWith('zh') ?? false;
  const problem: Problem = {
    type: `urn:zhanggui:problem:${known.code}`,
    title: ERROR_CATALOGUE[known.code].advice[isChinese ? 'zh' : 'en'],
    status,
    code: known.code,
    // What broke inside is for the log, not for the caller.
    detail: known instanceof InternalError ? 'see the log of headquarters' : known.message,
    instance: context.req.path,
  };
  return context.body(JSON.stringify(problem), status, {
    'content-type': 'application/problem+json',
  });
}

function asApplianceError(error: unknown): ApplianceError {
  if (error instanceof ApplianceError) return error;
  return new InternalError('INTERNAL_UNEXPECTED', { detail: 'unexpected failure', cause: error });
}
