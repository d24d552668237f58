import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { StaffView } from '../../domain/views.ts';
import { Loading } from '../kit/loading.tsx';
import { AccountForm } from './account-form.tsx';
import { Refusal } from './refusal.tsx';
import type { CreatedAccount, StaffApi } from './staff-api.ts';
import type { StaffStrings } from './strings.ts';
import { useStep } from './use-step.ts';

function OneTimePassword(props: {
  readonly created: CreatedAccount;
  readonly strings: StaffStrings;
  readonly onClose: () => void;
}): JSX.Element {
  const { created, strings } = props;
  return (
    <section class="card one-time" role="alert">
      <h2>{strings.oneTimeTitle(created.account.displayName)}</h2>
      <p class="one-time-password">{created.oneTimePassword}</p>
      <p>{strings.oneTimeText}</p>
      <button type="button" class="button primary" onClick={props.onClose}>
        {strings.oneTimeClose}
      </button>
    </section>
  );
}

/** The people who may sign in, and the way to add one. */
export function AccountsView(props: {
  readonly api: StaffApi;
  readonly strings: StaffStrings;
}): JSX.Element {
  const { api, strings } = props;
  const [accounts, setAccounts] = useState<readonly StaffView[] | null>(null);
  const [created, setCreated] = useState<CreatedAccount | null>(null);
  const step = useStep(strings);
  // Loads again only for another language's advice.
  useEffect(() => void step.run(() => api.accounts(), setAccounts), [api]);
  const onCreated = (value: CreatedAccount): void => {
    setCreated(value);
    setAccounts((before) => [...(before ?? []), value.account]);
  };
  return (
    <main class="sheet">
      <header class="sheet-head">
        <h1>{strings.accounts}</h1>
        <p class="soft">{strings.accountsHint}</p>
      </header>
      <section class="card">
        {accounts === null && step.refusal === null && <Loading label={strings.loading} />}
        <Refusal text={step.refusal} />
        {accounts && (
          <table>
            <thead>
              <tr>
                <th scope="col">{strings.displayName}</th>
                <th scope="col">{strings.name}</th>
                <th scope="col">{strings.role}</th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((account) => (
                <tr key={account.name}>
                  <th scope="row">{account.displayName}</th>
                  <td>
                    {account.name}
                    {account.mustChangePassword && (
                      <>
                        {' '}
                        <span class="tag">{strings.mustChange}</span>
                      </>
                    )}
                  </td>
                  <td>{strings.roles[account.role]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      {created ? (
        <OneTimePassword created={created} strings={strings} onClose={() => setCreated(null)} />
      ) : (
        <AccountForm api={api} strings={strings} onCreated={onCreated} />
      )}
    </main>
  );
}
