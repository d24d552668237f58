import type { JSX } from 'preact';
import type { StaffView } from '../../domain/views.ts';
import { Seal } from '../kit/seal.tsx';
import { Refusal } from './refusal.tsx';
import type { StaffApi } from './staff-api.ts';
import type { StaffStrings } from './strings.ts';
import { useStep } from './use-step.ts';

const SHORTEST = 12;

/** Makes a person replace the one-time password before anything else. */
export function ChangePassword(props: {
  readonly me: StaffView;
  readonly api: StaffApi;
  readonly strings: StaffStrings;
  /** The password just typed at sign-in; null after a reload, when it is asked for again. */
  readonly current: string | null;
  readonly onChanged: (me: StaffView) => void;
}): JSX.Element {
  const { strings, current } = props;
  const step = useStep(strings);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const next = String(form.get('next'));
    if (next !== form.get('repeat')) {
      step.refuse(strings.passwordsDiffer);
      return;
    }
    void step.run(
      () => props.api.changePassword(current ?? String(form.get('current')), next),
      props.onChanged,
    );
  };
  return (
    <main class="gate">
      <form class="gate-card" onSubmit={submit}>
        <Seal />
        <h1>{strings.changeTitle}</h1>
        <p>{strings.changeHint}</p>
        <input type="hidden" name="name" autocomplete="username" value={props.me.name} />
        {current === null && (
          <>
            <label for="current">{strings.currentPassword}</label>
            <input
              id="current"
              class="field"
              name="current"
              type="password"
              autocomplete="current-password"
              required
            />
          </>
        )}
        <label for="next">{strings.newPassword}</label>
        <input
          id="next"
          class="field"
          name="next"
          type="password"
          minLength={SHORTEST}
          autocomplete="new-password"
          required
        />
        <label for="repeat">{strings.repeatPassword}</label>
        <input
          id="repeat"
          class="field"
          name="repeat"
          type="password"
          minLength={SHORTEST}
          autocomplete="new-password"
          required
        />
        <Refusal text={step.refusal} />
        <button type="submit" class="button primary" disabled={step.isBusy}>
          {strings.savePassword}
        </button>
      </form>
    </main>
  );
}
