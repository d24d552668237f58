import type { JSX } from 'preact';
import type { Language } from '../../domain/language.ts';
import type { Slot } from '../../domain/pack.ts';
import type { FormView } from '../../domain/views.ts';
import { Icon } from '../kit/icon.tsx';
import type { KioskStrings } from './strings.ts';
import type { OpenForm } from './use-form.ts';

function shownValue(slot: Slot, value: string, language: Language): string {
  return slot.choices.find((choice) => choice.value === value)?.label[language] ?? value;
}

/** Shows what is about to be submitted. */
export function FormReview(props: {
  readonly open: OpenForm;
  readonly form: FormView;
  readonly language: Language;
  readonly strings: KioskStrings;
}): JSX.Element {
  const { open, form, language, strings } = props;
  return (
    <section class="form-sheet">
      <h1>{strings.formReview}</h1>
      <p class="form-hint">{strings.formReviewHint}</p>
      <dl class="review">
        {form.slots.map((slot) => {
          const value = open.values[slot.name]?.trim() ?? '';
          return (
            <div key={slot.name}>
              <dt>{slot.prompt[language]}</dt>
              <dd class={value === '' ? 'is-empty' : undefined}>
                {value === '' ? strings.formEmpty : shownValue(slot, value, language)}
              </dd>
            </div>
          );
        })}
      </dl>
      {(open.problem ?? open.isAway) && (
        <p class="field-error" role="alert">
          <Icon name="alert" />
          {open.problem?.title ?? strings.awayText}
        </p>
      )}
      <div class="form-buttons">
        <button type="button" class="button" onClick={open.edit} disabled={open.isBusy}>
          <Icon name="back" />
          {strings.formEdit}
        </button>
        <button type="button" class="button primary" onClick={open.submit} disabled={open.isBusy}>
          <Icon name="done" />
          {strings.formSubmit}
        </button>
      </div>
    </section>
  );
}
