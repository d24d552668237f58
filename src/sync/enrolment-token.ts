import { z } from 'zod';
import { SyncError } from '../domain/errors.ts';

const TOKEN = /^([A-Za-z0-9_-]{43})\.([0-9a-f]{64})$/;

/** What headquarters hands out for one enrolment. */
export type EnrolmentToken = {
  /** Known to headquarters only by its hash. */
  readonly secret: string;
  /** SHA-256 of headquarters' authority: the box speaks to nobody else. */
  readonly caFingerprint: string;
};

/**
 * Reads a token as an operator copies it: `<secret>.<fingerprint>`.
 *
 * @throws SyncError SYNC_ENROLMENT_REFUSED
 */
export function parseEnrolmentToken(token: unknown): EnrolmentToken {
  const match = TOKEN.exec(z.string().catch('').parse(token).trim());
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new SyncError('SYNC_ENROLMENT_REFUSED', {
      detail: 'the enrolment token is not <43 characters>.<64 hex digits>: copy it again, whole',
    });
  }
  return { secret: match[1], caFingerprint: match[2] };
}
