import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FormView, RevealedTicket } from '../../domain/views.ts';
import { Icon } from '../kit/icon.tsx';
import { Refusal } from './refusal.tsx';
import type { StaffApi } from './staff-api.ts';
import type { Speech } from './strings.ts';
import { TicketFields } from './ticket-fields.tsx';
import { useStep } from './use-step.ts';

/** Shows the contact of a ticket to somebody who says why; it is gone when the ticket is left. */
export function RevealForm(
  props: Speech & {
    readonly api: StaffApi;
    readonly form: FormView | null;
    readonly number: string;
  },
): JSX.Element {
  const { strings } = props;
  const [isAsking, setAsking] = useState(false);
  const [revealed, setRevealed] = useState<RevealedTicket | null>(null);
  const step = useStep(strings);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const reason = String(form.get('reason')).trim();
    void step.run(() => props.api.reveal(props.number, reason), setRevealed);
  };
  if (revealed) {
    const isEmpty = Object.keys(revealed.personal).length === 0;
    return (
      <section class="revealed" role="status">
        <h3>{strings.revealed}</h3>
        {isEmpty ? (
          <p class="soft">{strings.revealedNone}</p>
        ) : (
          <TicketFields {...props} fields={revealed.personal} />
        )}
      </section>
    );
  }
  if (!isAsking) {
    return (
      <button type="button" class="button" onClick={() => setAsking(true)}>
        <Icon name="eye" />
        {strings.reveal}
      </button>
    );
  }
  return (
    <form class="reveal" onSubmit={submit}>
      <label for="reason">{strings.revealReason}</label>
      <input
        id="reason"
        class="field"
        name="reason"
        required
        maxLength={200}
        autocomplete="off"
        aria-describedby="reveal-hint"
      />
      <p id="reveal-hint" class="soft">
        {strings.revealHint}
      </p>
      <Refusal text={step.refusal} />
      <div class="resolve-buttons">
        <button type="button" class="button quiet" onClick={() => setAsking(false)}>
          {strings.cancel}
        </button>
        <button type="submit" class="button primary" disabled={step.isBusy}>
          {strings.revealConfirm}
        </button>
      </div>
    </form>
  );
}
