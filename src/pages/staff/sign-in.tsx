import type { JSX } from 'preact';
import type { StaffView } from '../../domain/views.ts';
import { Seal } from '../kit/seal.tsx';
import { Refusal } from './refusal.tsx';
import type { StaffApi } from './staff-api.ts';
import type { StaffStrings } from './strings.ts';
import { useStep } from './use-step.ts';

/** Asks for name and password. */
export function SignIn(props: {
  readonly api: StaffApi;
  readonly strings: StaffStrings;
  readonly onSignedIn: (me: StaffView, password: string) => void;
}): JSX.Element {
  const { strings } = props;
  const step = useStep(strings);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const password = String(form.get('password'));
    void step.run(
      () => props.api.signIn(String(form.get('name')).trim(), password),
      (me) => props.onSignedIn(me, password),
    );
  };
  return (
    <main class="gate">
      <form class="gate-card" onSubmit={submit}>
        <Seal />
        <h1>{strings.product}</h1>
        <p>{strings.signInHint}</p>
        <label for="name">{strings.name}</label>
        <input id="name" class="field" name="name" autocomplete="username" required />
        <label for="password">{strings.password}</label>
        <input
          id="password"
          class="field"
          name="password"
          type="password"
          autocomplete="current-password"
          required
        />
        <Refusal text={step.refusal} />
        <button type="submit" class="button primary" disabled={step.isBusy}>
          {strings.signIn}
        </button>
      </form>
    </main>
  );
}
