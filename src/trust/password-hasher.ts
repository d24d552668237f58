import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { InputError } from '../domain/errors.ts';

// OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, 2 passes, 1 lane.
const ARGON2ID = {
  algorithm: 2 satisfies Algorithm.Argon2id as Algorithm,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

// A hash of 32 forgotten random bytes with the parameters above: an unknown name costs what a known
// one costs.
const DECOY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$ZNCP0r8yIuLEWGj9q7gXog$8RzpJKJcxGsmTq7QvJBog3hY5A7u3bO77KMqXVxlDZQ';

/** How many hashes may run and wait. */
export type PasswordHasherOptions = {
  /** Hashing shares libuv's pool with file syncs: more than two at once hold up the ledger. */
  readonly maxParallel: number;
  readonly maxQueued: number;
};

/** Hashes and verifies passwords with argon2id, a few at a time. */
export class PasswordHasher {
  readonly #options: PasswordHasherOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: PasswordHasherOptions = { maxParallel: 2, maxQueued: 16 }) {
    this.#options = options;
  }

  /** @throws InputError TRUST_SIGN_IN_BUSY when the queue is full */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(foldPassword(password), ARGON2ID));
  }

  /**
   * Compares a password with a stored hash; null stands for an account that does not exist and takes
   * as long.
   *
   * @throws InputError TRUST_SIGN_IN_BUSY when the queue is full
   */
  verify(passwordHash: string | null, password: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const isSame = await verify(passwordHash ?? DECOY_HASH, foldPassword(password));
      return isSame && passwordHash !== null;
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#options.maxParallel) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= this.#options.maxQueued) {
      throw new InputError('TRUST_SIGN_IN_BUSY', {
        detail: `${this.#waiting.length} password checks wait already: try again in a few seconds`,
      });
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The next in the queue takes over the place, so that nobody can slip in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}

/** NIST SP 800-63B: compatibility form, so that full-width and ASCII typing give one password. */
function foldPassword(password: string): string {
  return password.normalize('NFKC');
}
