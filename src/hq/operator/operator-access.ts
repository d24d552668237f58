import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../domain/ports.ts';
import { type FileRoot, replaceFile } from '../../platform/durable-files.ts';

const KEY_FILE = 'access-key.json';
const SESSION_MS = 12 * 3_600_000;
const MOST_SESSIONS = 100;

const StoredKey = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * Knows the operator by an access key.
 *
 * The key is 160 random bits, so a plain hash keeps it: there is nothing to guess, and a slow one
 * would only tie up the thread pool that syncs the ledger.
 */
export class OperatorAccess {
  readonly #files: FileRoot;
  readonly #clock: Clock;
  /** Hash of the session's secret → when it ends. */
  readonly #sessions = new Map<string, number>();

  constructor(files: FileRoot, clock: Clock) {
    this.#files = files;
    this.#clock = clock;
  }

  /** Makes the key at first start; null when there is one. */
  async makeFirstKey(): Promise<string | null> {
    return (await this.#files.readAll(KEY_FILE)) === null ? await this.resetKey() : null;
  }

  /** Replaces the key; sessions that are open stay until they end. */
  async resetKey(): Promise<string> {
    await this.#files.make();
    const key = randomBytes(20)
      .toString('hex')
      .replace(/(.{8})(?=.)/g, '$1-');
    const stored = JSON.stringify({ sha256: sha256(key) });
    await replaceFile(this.#files, KEY_FILE, Buffer.from(stored));
    return key;
  }

  /** Opens a session for whoever has the key; null for anybody else. */
  async signIn(key: string): Promise<string | null> {
    // Read each time: the command that resets the key runs in another process.
    const bytes = await this.#files.readAll(KEY_FILE);
    if (bytes === null) return null;
    const stored = StoredKey.parse(JSON.parse(bytes.toString('utf8')));
    const given = Buffer.from(sha256(key.trim()), 'hex');
    if (!timingSafeEqual(given, Buffer.from(stored.sha256, 'hex'))) return null;
    const session = randomBytes(32).toString('base64url');
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    this.#sessions.set(sha256(session), this.#clock.now() + SESSION_MS);
    return session;
  }

  isSignedIn(session: string): boolean {
    return (this.#sessions.get(sha256(session)) ?? 0) > this.#clock.now();
  }

  signOut(session: string): void {
    this.#sessions.delete(sha256(session));
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
