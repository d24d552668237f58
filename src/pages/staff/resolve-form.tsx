import type { JSX } from 'preact';
import type { Outcome } from '../../domain/desk.ts';
import type { EscalationDetail } from '../../domain/views.ts';
import type { DeskAction } from './desk-state.ts';
import { Refusal } from './refusal.tsx';
import type { StaffApi } from './staff-api.ts';
import type { StaffStrings } from './strings.ts';
import { useStep } from './use-step.ts';

const OUTCOMES: readonly Outcome[] = ['solved', 'ticket', 'customer_left', 'other'];

/** Asks how the hand-over ended. */
export function ResolveForm(props: {
  readonly api: StaffApi;
  readonly strings: StaffStrings;
  readonly detail: EscalationDetail;
  readonly dispatch: (action: DeskAction) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { strings } = props;
  const step = useStep(strings);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const outcome = OUTCOMES.find((one) => one === form.get('outcome')) ?? 'other';
    void step.run(
      () =>
        props.api.resolve(props.detail.escalation.id, {
          outcome,
          note: String(form.get('note')).trim(),
        }),
      (value) => {
        props.dispatch({ type: 'escalation', value });
        props.onClose();
      },
    );
  };
  return (
    <form class="resolve" onSubmit={submit}>
      <fieldset>
        <legend>{strings.resolveTitle}</legend>
        <div class="resolve-outcomes">
          {OUTCOMES.map((outcome) => (
            <label key={outcome} class="chip">
              <input
                type="radio"
                name="outcome"
                value={outcome}
                defaultChecked={outcome === 'solved'}
              />
              <span>{strings.outcomes[outcome]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <label for="note">{strings.note}</label>
      <textarea
        id="note"
        class="field"
        name="note"
        rows={2}
        maxLength={500}
        placeholder={strings.notePlaceholder}
      />
      <Refusal text={step.refusal} />
      <div class="resolve-buttons">
        <button type="button" class="button quiet" onClick={props.onClose}>
          {strings.cancel}
        </button>
        <button type="submit" class="button primary" disabled={step.isBusy}>
          {strings.confirmResolve}
        </button>
      </div>
    </form>
  );
}
