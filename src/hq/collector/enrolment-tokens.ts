import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { InputError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports.ts';
import { type FileRoot, replaceFile } from '../../platform/durable-files.ts';

const LIFE_MS = 24 * 3_600_000;

const StoredToken = z.object({ appliance: z.string().nullable(), expiresAt: z.number() });

/** What a token allows. */
export type TokenGrant = {
  /** The only appliance that it lets in, and lets in again; null lets any new one in. */
  readonly appliance: string | null;
};

/**
 * One-time enrolment tokens, each a file named by the token's hash, so that the command that makes
 * one need not stop the headquarters that takes it.
 */
export class EnrolmentTokens {
  readonly #files: FileRoot;
  readonly #clock: Clock;

  constructor(files: FileRoot, clock: Clock) {
    this.#files = files;
    this.#clock = clock;
  }

  /** Makes a token that works once within 24 hours; only its hash is kept. */
  async make(appliance: string | null): Promise<string> {
    await this.#files.make();
    const secret = randomBytes(32).toString('base64url');
    const stored = { appliance, expiresAt: this.#clock.now() + LIFE_MS };
    await replaceFile(this.#files, fileOf(secret), Buffer.from(JSON.stringify(stored)));
    return secret;
  }

  /** Looks at a token without spending it. @throws InputError SYNC_ENROLMENT_REFUSED */
  async check(secret: string): Promise<TokenGrant> {
    const bytes = await this.#files.readAll(fileOf(secret));
    if (bytes === null) throw refused('is not known or was used before');
    const { appliance, expiresAt } = StoredToken.parse(JSON.parse(bytes.toString('utf8')));
    if (expiresAt <= this.#clock.now()) throw refused('has expired');
    return { appliance };
  }

  /** Spends a token; of many who try, one succeeds. @throws InputError SYNC_ENROLMENT_REFUSED */
  async spend(secret: string): Promise<void> {
    const file = fileOf(secret);
    const spent = `${file}.spent`;
    try {
      await this.#files.rename(file, spent);
    } catch (cause) {
      throw refused('was used just now', cause);
    }
    await this.#files.syncFolder();
    await this.#files.remove(spent);
  }
}

function fileOf(secret: string): string {
  return `${createHash('sha256').update(secret).digest('hex')}.json`;
}

function refused(why: string, cause?: unknown): InputError {
  return new InputError('SYNC_ENROLMENT_REFUSED', {
    detail: `the enrolment token ${why}: make a new one with the command "token"`,
    cause,
  });
}
