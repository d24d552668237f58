import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';
import { Icon } from '../kit/icon.tsx';
import { Loading } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import { FormField } from './form-field.tsx';
import { FormReview } from './form-review.tsx';
import type { KioskStrings } from './strings.ts';
import { TicketReceipt } from './ticket-receipt.tsx';
import { type OpenForm, useForm } from './use-form.ts';
import type { VisitSession } from './visit-session.ts';

type FormScreenProps = {
  readonly id: string;
  readonly session: VisitSession;
  readonly language: Language;
  readonly strings: KioskStrings;
  readonly onBack: () => void;
  readonly onEnd: () => void;
};

function FormEdit(props: FormScreenProps & { readonly open: OpenForm }): JSX.Element {
  const { open, strings, language } = props;
  const place = useRef<HTMLFormElement>(null);
  const firstError = open.form?.slots.find((slot) => open.errors[slot.name] !== undefined)?.name;
  const wrong = Object.keys(open.errors).length;

  // Moves only when a check has found more.
  useEffect(() => {
    if (firstError === undefined) return;
    const row = place.current?.querySelector<HTMLElement>(`#slot-${CSS.escape(firstError)}`);
    row?.focus();
    row?.scrollIntoView({ block: 'center' });
  }, [wrong > 0]);

  const submit = (event: Event): void => {
    event.preventDefault();
    document.activeElement?.dispatchEvent(new Event('keyboard-settle'));
    // What the keyboard just wrote is in the state only after the next draw.
    setTimeout(open.review);
  };

  return (
    <form ref={place} class="form-sheet" onSubmit={submit} autocomplete="off" noValidate>
      <h1>{open.form?.title[language]}</h1>
      {open.form?.slots.map((slot) => (
        <FormField
          key={slot.name}
          slot={slot}
          value={open.values[slot.name] ?? ''}
          error={open.errors[slot.name]}
          language={language}
          strings={strings}
          onChange={(value) => open.change(slot.name, value)}
        />
      ))}
      <div class="form-buttons">
        <button type="button" class="button" onClick={props.onBack}>
          <Icon name="back" />
          {strings.formBack}
        </button>
        <button type="submit" class="button primary">
          {strings.formReview}
          <Icon name="next" />
        </button>
      </div>
    </form>
  );
}

/** A short form that becomes a ticket: fill in, check, submit, take the number along. */
export function FormScreen(props: FormScreenProps): JSX.Element {
  const open = useForm(props.id, props.session, props.strings);
  const { strings } = props;
  const review = useRef(open.review);
  review.current = open.review;
  const place = useRef<HTMLElement>(null);
  // Every step begins at its top.
  useEffect(() => place.current?.scrollTo({ top: 0 }), [open.step]);
  return (
    <main ref={place} class="form-screen">
      {open.step === 'loading' && <Loading label={strings.formLoading} />}
      {open.step === 'failed' && (
        <Notice
          icon={open.isAway ? 'cloud' : 'alert'}
          heading={1}
          title={open.problem?.title ?? strings.awayTitle}
          {...(open.isAway ? { text: strings.awayText } : {})}
        >
          <div class="form-buttons">
            <button type="button" class="button" onClick={props.onBack}>
              {strings.formBack}
            </button>
            <button type="button" class="button primary" onClick={open.load}>
              {strings.retry}
            </button>
          </div>
        </Notice>
      )}
      {open.step === 'edit' && (
        <FormEdit {...props} open={{ ...open, review: () => review.current() }} />
      )}
      {open.step === 'review' && open.form && (
        <FormReview open={open} form={open.form} language={props.language} strings={strings} />
      )}
      {open.step === 'done' && open.submitted && (
        <TicketReceipt {...props} submitted={open.submitted} />
      )}
    </main>
  );
}
