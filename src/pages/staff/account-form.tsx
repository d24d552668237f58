import type { JSX } from 'preact';
import type { StaffRole } from '../../domain/account.ts';
import { Refusal } from './refusal.tsx';
import type { CreatedAccount, StaffApi } from './staff-api.ts';
import type { StaffStrings } from './strings.ts';
import { useStep } from './use-step.ts';

const ROLES: readonly StaffRole[] = ['agent', 'supervisor', 'it'];

/** Asks for what a new account needs. */
export function AccountForm(props: {
  readonly api: StaffApi;
  readonly strings: StaffStrings;
  readonly onCreated: (created: CreatedAccount) => void;
}): JSX.Element {
  const { strings } = props;
  const step = useStep(strings);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string): string => String(form.get(name)).trim();
    const skills = text('skills')
      .split(/[,，、\s]+/u)
      .filter((skill) => skill !== '');
    const role = ROLES.find((one) => one === form.get('role')) ?? 'agent';
    void step.run(
      () =>
        props.api.createAccount({
          name: text('name'),
          displayName: text('displayName'),
          role,
          skills,
        }),
      props.onCreated,
    );
  };
  return (
    <form class="card account-form" onSubmit={submit} autocomplete="off">
      <h2>{strings.newAccount}</h2>
      <label for="account-name">{strings.name}</label>
      <input id="account-name" class="field" name="name" required maxLength={40} />
      <label for="account-display">{strings.displayName}</label>
      <input id="account-display" class="field" name="displayName" required maxLength={40} />
      <label for="account-role">{strings.role}</label>
      <select id="account-role" class="field" name="role">
        {ROLES.map((role) => (
          <option key={role} value={role}>
            {strings.roles[role]}
          </option>
        ))}
      </select>
      <label for="account-skills">{strings.skills}</label>
      <input
        id="account-skills"
        class="field"
        name="skills"
        maxLength={200}
        aria-describedby="account-skills-hint"
      />
      <p id="account-skills-hint" class="soft">
        {strings.skillsHint}
      </p>
      <Refusal text={step.refusal} />
      <button type="submit" class="button primary" disabled={step.isBusy}>
        {strings.create}
      </button>
    </form>
  );
}
