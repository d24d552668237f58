import { z } from 'zod';
import type { Account } from '../domain/account.ts';
import type { CommittedEvent, EventData } from '../domain/events.ts';
import type { Projection } from '../domain/ports.ts';

/** An account with what the ledger knows about its use. */
export type StaffAccount = Account & {
  /** Raised by every new password: sessions of an older one have ended. */
  generation: number;
  lastSignedInAt: number | null;
  /** Wrong passwords since the last sign-in. */
  refusals: number;
};

/** All accounts by name. */
export type AccountsState = { readonly accounts: Record<string, StaffAccount> };

const stateSchema: z.ZodType<AccountsState> = z.object({
  accounts: z.record(
    z.string(),
    z.object({
      name: z.string(),
      displayName: z.string(),
      role: z.enum(['agent', 'supervisor', 'it']),
      skills: z.array(z.string()),
      passwordHash: z.string(),
      mustChangePassword: z.boolean(),
      createdAt: z.number(),
      generation: z.number().int(),
      lastSignedInAt: z.number().nullable(),
      refusals: z.number().int(),
    }),
  ),
});

/** Finds an account; names such as `constructor` are no accounts unless somebody made them. */
export function findAccount(state: AccountsState, name: string): StaffAccount | null {
  return Object.hasOwn(state.accounts, name) ? (state.accounts[name] ?? null) : null;
}

function create(state: AccountsState, data: EventData['account.created'], at: number): void {
  if (findAccount(state, data.name)) return;
  state.accounts[data.name] = {
    name: data.name,
    displayName: data.displayName,
    role: data.role,
    skills: [...data.skills],
    passwordHash: data.passwordHash,
    mustChangePassword: data.mustChangePassword,
    createdAt: at,
    generation: 1,
    lastSignedInAt: null,
    refusals: 0,
  };
}

function change(account: StaffAccount, event: CommittedEvent): void {
  if (event.type === 'account.password_changed') {
    account.passwordHash = event.data.passwordHash;
    account.mustChangePassword = event.data.mustChange;
    account.generation++;
  } else if (event.type === 'account.signed_in') {
    account.lastSignedInAt = event.at;
    account.refusals = 0;
  } else if (event.type === 'account.sign_in_refused') {
    account.refusals++;
  }
}

function apply(state: AccountsState, event: CommittedEvent): void {
  if (event.type === 'account.created') create(state, event.data, event.at);
  if (!('name' in event.data)) return;
  const account = findAccount(state, event.data.name);
  if (account !== null) change(account, event);
}

/** Folds the account events into the accounts of this box. */
export const accountsProjection: Projection<AccountsState> = {
  name: 'accounts',
  version: 1,
  initial: () => ({ accounts: {} }),
  apply,
  parse: (stored) => stateSchema.parse(stored),
};
