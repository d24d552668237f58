import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../kit/icon.tsx';
import { signIn } from './hq-api.ts';
import type { Speech } from './strings.ts';

/** Asks for the access key. */
export function SignIn(props: Speech & { readonly onSignedIn: () => void }): JSX.Element {
  const { strings } = props;
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const answer = await signIn(props.language, String(form.get('key')).trim());
    if (answer.kind === 'done') return props.onSignedIn();
    setRefusal(answer.kind === 'refused' ? answer.problem.title : strings.away);
  };
  return (
    <main class="gate">
      <form class="gate-card" onSubmit={(event) => void submit(event)}>
        <h1>{strings.product}</h1>
        <p>{strings.signInHint}</p>
        <label for="key">{strings.key}</label>
        <input
          id="key"
          class="field"
          name="key"
          type="password"
          autocomplete="current-password"
          required
        />
        {refusal !== null && (
          <p class="field-error" role="alert">
            <Icon name="alert" />
            {refusal}
          </p>
        )}
        <button type="submit" class="button primary">
          {strings.signIn}
        </button>
      </form>
    </main>
  );
}
