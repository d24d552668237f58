import type { StaffRole } from '../domain/account.ts';
import { InputError, StorageError } from '../domain/errors.ts';
import type { NewEvent } from '../domain/events.ts';
import type { Clock, Ledger, Log, Projected } from '../domain/ports.ts';
import { type AccountsState, findAccount, type StaffAccount } from './accounts-projection.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { checkNewPassword, createOneTimePassword } from './password-policy.ts';
import { SignInDelays } from './sign-in-delays.ts';

/** What `Accounts` needs. */
export type AccountsOptions = {
  readonly ledger: Ledger;
  readonly projected: Projected<AccountsState>;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly log: Log;
};

/** What somebody types to sign in, and from where. */
export type SignInRequest = {
  readonly name: string;
  readonly password: string;
  /** The caller's network address; wrong passwords slow it down. */
  readonly address: string;
};

/** A person to be let in. */
export type NewAccount = {
  readonly name: string;
  readonly displayName: string;
  readonly role: StaffRole;
  readonly skills: readonly string[];
};

/** A password that is shown once and must be changed at the next sign-in. */
export type OneTimeAccess = { readonly name: string; readonly oneTimePassword: string };

const ACCOUNT_NAME = /^[a-z0-9][a-z0-9._-]{1,31}$/;

const FIRST_ACCOUNT: NewAccount = {
  name: 'admin',
  displayName: '管理员',
  // The first person must be able to serve customers at once and to let others in.
  role: 'supervisor',
  skills: [],
};

// What was typed as an unknown name may be a password in the wrong field: it is not stored.
const UNKNOWN_NAME = '(unknown)';

const foldName = (name: string) => name.normalize('NFKC').trim().toLowerCase().slice(0, 64);

/** Keeps the accounts of the branch: who there is, sign-in, passwords. Everything is audited. */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #accountDelays: SignInDelays;
  readonly #addressDelays: SignInDelays;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.#accountDelays = new SignInDelays(options.clock, {
      free: 5,
      firstMs: 1_000,
      maxMs: 60_000,
    });
    // Colleagues share an address, strangers try many names from one: more free tries, longer waits.
    this.#addressDelays = new SignInDelays(options.clock, {
      free: 20,
      firstMs: 1_000,
      maxMs: 15 * 60_000,
    });
  }

  /** Finds an account by its name. */
  find(name: string): StaffAccount | null {
    return findAccount(this.#options.projected.state, foldName(name));
  }

  /** All accounts, by name. */
  list(): StaffAccount[] {
    const { accounts } = this.#options.projected.state;
    return Object.values(accounts).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Creates the first account when there is none; its password is told here and never again. */
  ensureFirstAccount(): Promise<OneTimeAccess | null> {
    return this.#inOrder(async () =>
      this.list().length > 0 ? null : await this.#create(FIRST_ACCOUNT, 'box'),
    );
  }

  /**
   * Checks a name and a password.
   *
   * @returns the account as it was when the password was right: a session of it ends if the password
   * changed meanwhile
   * @throws InputError TRUST_SIGN_IN_REFUSED, or TRUST_SIGN_IN_BUSY when too many sign in at once or
   * this account or address must wait after wrong passwords
   */
  async signIn(request: SignInRequest): Promise<StaffAccount> {
    const name = foldName(request.name);
    const account = await this.#verify(name, request.password, request.address);
    await this.#audit({ type: 'account.signed_in', data: { name }, subject: null });
    return account;
  }

  /**
   * Sets a password of the person's own; all sessions of the old one end.
   *
   * @throws InputError TRUST_SIGN_IN_REFUSED, TRUST_SIGN_IN_BUSY, TRUST_PASSWORD_TOO_WEAK
   */
  async changePassword(request: SignInRequest, next: string): Promise<StaffAccount> {
    const name = foldName(request.name);
    checkNewPassword(next, name);
    if (next.normalize('NFKC') === request.password.normalize('NFKC')) {
      throw new InputError('TRUST_PASSWORD_TOO_WEAK', {
        detail: `the new password of ${name} is the old one: choose another`,
      });
    }
    await this.#verify(name, request.password, request.address);
    await this.#setPassword(name, next, name, false);
    return this.#known(name);
  }

  /**
   * Lets a person in.
   *
   * @throws InputError TRUST_ACCOUNT_EXISTS, HTTP_INPUT_INVALID when the name cannot be one
   */
  createAccount(account: NewAccount, by: string): Promise<OneTimeAccess> {
    return this.#inOrder(() => this.#create({ ...account, name: foldName(account.name) }, by));
  }

  /**
   * Replaces a forgotten password by a one-time one; all sessions of the old one end.
   *
   * @throws InputError TRUST_ACCOUNT_UNKNOWN
   */
  async resetPassword(name: string, by: string): Promise<OneTimeAccess> {
    const account = this.#known(foldName(name));
    const oneTimePassword = createOneTimePassword();
    await this.#setPassword(account.name, oneTimePassword, by, true);
    this.#accountDelays.clear(account.name);
    return { name: account.name, oneTimePassword };
  }

  async #create(account: NewAccount, by: string): Promise<OneTimeAccess> {
    const { name } = account;
    if (!ACCOUNT_NAME.test(name)) {
      throw new InputError('HTTP_INPUT_INVALID', {
        detail: `"${name}" cannot be an account name: 2 to 32 of a–z, 0–9, dot, dash, underscore`,
      });
    }
    if (this.find(name)) {
      throw new InputError('TRUST_ACCOUNT_EXISTS', {
        detail: `the account ${name} exists: choose another name`,
      });
    }
    const oneTimePassword = createOneTimePassword();
    const passwordHash = await this.#options.hasher.hash(oneTimePassword);
    const data = { ...account, passwordHash, mustChangePassword: true, by };
    await this.#options.ledger.commit([{ type: 'account.created', data, subject: null }]);
    return { name, oneTimePassword };
  }

  async #setPassword(name: string, next: string, by: string, mustChange: boolean): Promise<void> {
    const passwordHash = await this.#options.hasher.hash(next);
    const data = { name, passwordHash, by, mustChange };
    await this.#options.ledger.commit([{ type: 'account.password_changed', data, subject: null }]);
  }

  async #verify(name: string, password: string, address: string): Promise<StaffAccount> {
    this.#refuseWhileWaiting(name, address);
    this.#accountDelays.charge(name);
    this.#addressDelays.charge(address);
    const known = findAccount(this.#options.projected.state, name);
    const account = known && { ...known };
    const isRight = await this.#options.hasher
      .verify(account?.passwordHash ?? null, password)
      .catch((error: unknown) => {
        this.#accountDelays.refund(name);
        this.#addressDelays.refund(address);
        throw error;
      });
    if (account === null || !isRight) {
      const data = { name: account?.name ?? UNKNOWN_NAME };
      await this.#audit({ type: 'account.sign_in_refused', data, subject: null });
      throw new InputError('TRUST_SIGN_IN_REFUSED', {
        detail: 'name and password do not match an account: type them again',
      });
    }
    this.#accountDelays.clear(name);
    this.#addressDelays.refund(address);
    return account;
  }

  #refuseWhileWaiting(name: string, address: string): void {
    const waitMs = Math.max(this.#accountDelays.waitMs(name), this.#addressDelays.waitMs(address));
    if (waitMs === 0) return;
    throw new InputError('TRUST_SIGN_IN_BUSY', {
      detail: `too many wrong passwords: try again in ${Math.ceil(waitMs / 1000)} s`,
    });
  }

  #known(name: string): StaffAccount {
    const account = findAccount(this.#options.projected.state, name);
    if (account) return account;
    throw new InputError('TRUST_ACCOUNT_UNKNOWN', { detail: `there is no account "${name}"` });
  }

  /** Staff must get in to repair a box that cannot store; then the log keeps what the ledger cannot. */
  async #audit(event: NewEvent): Promise<void> {
    try {
      await this.#options.ledger.commit([event]);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#options.log.warn('sign-in could not be audited', {
        type: event.type,
        code: error.code,
      });
    }
  }

  /** One after the other, so that two requests cannot create the same name. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#lastChange.then(work, work);
    this.#lastChange = next.catch(() => undefined);
    return next;
  }
}
