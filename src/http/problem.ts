import type { ErrorCode } from '../domain/error-catalogue.ts';
import { ERROR_CATALOGUE } from '../domain/error-catalogue.ts';
import { ApplianceError, InternalError } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';
import type { Problem } from '../domain/views.ts';

/** Codes that mean something else than their prefix's default. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  HTTP_BODY_TOO_LARGE: 413,
  HTTP_INPUT_INVALID: 422,
  HTTP_NOT_FOUND: 404,
  HTTP_METHOD_NOT_ALLOWED: 405,
  HTTP_RATE_LIMITED: 429,
  TURN_TEXT_EMPTY: 422,
  TURN_TEXT_TOO_LONG: 422,
  SESSION_UNKNOWN: 404,
  SESSION_ENDED: 410,
  SESSION_LIMIT: 503,
  FORM_UNKNOWN: 404,
  FORM_INVALID: 422,
  FORM_ALREADY_SUBMITTED: 409,
  DESK_ESCALATION_UNKNOWN: 404,
  DESK_TICKET_UNKNOWN: 404,
  DESK_ALREADY_CLAIMED: 409,
  DESK_LEASE_LOST: 409,
  DESK_NOT_HOLDER: 409,
  TRUST_SIGN_IN_REFUSED: 401,
  TRUST_NOT_SIGNED_IN: 401,
  TRUST_SIGN_IN_BUSY: 503,
  TRUST_PASSWORD_MUST_CHANGE: 403,
  TRUST_PASSWORD_TOO_WEAK: 422,
  TRUST_FORBIDDEN: 403,
  TRUST_ACCOUNT_EXISTS: 409,
  TRUST_ACCOUNT_UNKNOWN: 404,
};

const RETRY_AFTER_SECONDS = 3;

/** The status code of an error. */
export function statusOf(error: ApplianceError): number {
  const known = STATUS[error.code];
  if (known !== undefined) return known;
  if (error.code.startsWith('HTTP_')) return 400;
  return error.retryable && error.code !== 'INTERNAL_UNEXPECTED' ? 503 : 500;
}

/** Wraps whatever was thrown, so that the reader gets a code and the log gets the cause. */
export function toApplianceError(thrown: unknown): ApplianceError {
  if (thrown instanceof ApplianceError) return thrown;
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  return new InternalError('INTERNAL_UNEXPECTED', {
    detail: `an unexpected ${name} was thrown; the log has the cause under this code`,
    cause: thrown,
  });
}

/**
 * Answers with problem details (RFC 9457).
 *
 * @param fields advice per field, for input that needs another look
 */
export function problemResponse(
  error: ApplianceError,
  instance: string,
  language: Language,
  fields?: Readonly<Record<string, string>>,
): Response {
  const status = statusOf(error);
  const internal = status === 500;
  const problem: Problem = {
    type: `urn:zhanggui:error:${error.code}`,
    title: ERROR_CATALOGUE[error.code].advice[language],
    status,
    code: error.code,
    // What went wrong inside is for the log, not for whoever asked.
    detail: internal ? 'see the log of the appliance' : error.message,
    instance,
    ...(fields ? { fields } : {}),
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (status === 429 || status === 503) headers['retry-after'] = String(RETRY_AFTER_SECONDS);
  return new Response(JSON.stringify(problem), { status, headers });
}
