import { useEffect, useState } from 'preact/hooks';
import type { FormView, Problem, SubmittedForm } from '../../domain/views.ts';
import type { Answer } from '../kit/api-client.ts';
import { checkSlot } from './check-slot.ts';
import type { KioskStrings } from './strings.ts';
import { fetchForm, submitForm } from './visit-api.ts';
import type { VisitSession } from './visit-session.ts';

/** Where the customer is with a form. */
type FormStep = 'loading' | 'edit' | 'review' | 'done' | 'failed';

type Fields = Readonly<Record<string, string>>;

/** The state of one form and what can be done with it. */
export type OpenForm = {
  readonly step: FormStep;
  readonly form: FormView | null;
  readonly values: Fields;
  readonly errors: Fields;
  /** Why it could not be opened or sent; null with `failed` means that the server is away. */
  readonly problem: Problem | null;
  readonly isAway: boolean;
  readonly isBusy: boolean;
  readonly submitted: SubmittedForm | null;
  readonly change: (slot: string, value: string) => void;
  readonly review: () => void;
  readonly edit: () => void;
  readonly submit: () => void;
  readonly load: () => void;
};

/** Opens a form, checks it, sends it once whatever happens to the line. */
export function useForm(id: string, session: VisitSession, strings: KioskStrings): OpenForm {
  const [submissionId] = useState(() => crypto.randomUUID());
  const [step, setStep] = useState<FormStep>('loading');
  const [form, setForm] = useState<FormView | null>(null);
  const [values, setValues] = useState<Fields>({});
  const [errors, setErrors] = useState<Fields>({});
  const [refusal, setRefusal] = useState<Exclude<Answer<never>, { kind: 'done' }> | null>(null);
  const [submitted, setSubmitted] = useState<SubmittedForm | null>(null);
  const [isBusy, setBusy] = useState(false);

  const load = async (): Promise<void> => {
    setStep('loading');
    const answer = await session.run((visit, language) => fetchForm(visit, language, id));
    if (answer.kind === 'done') setForm(answer.value);
    setRefusal(answer.kind === 'done' ? null : answer);
    setStep(answer.kind === 'done' ? 'edit' : 'failed');
  };
  // A form is loaded once for its id.
  useEffect(() => void load(), [id]);

  const review = (): void => {
    const found: Record<string, string> = {};
    for (const slot of form?.slots ?? []) {
      const advice = checkSlot(slot, values[slot.name] ?? '', strings);
      if (advice !== null) found[slot.name] = advice;
    }
    setErrors(found);
    if (Object.keys(found).length === 0) setStep('review');
  };

  const submit = async (): Promise<void> => {
    setBusy(true);
    const filled = Object.entries(values).map(([slot, value]) => [slot, value.trim()] as const);
    const answer = await session.run((visit, language) =>
      submitForm(visit, language, id, {
        submissionId,
        values: Object.fromEntries(filled.filter(([, value]) => value !== '')),
      }),
    );
    setBusy(false);
    setRefusal(answer.kind === 'done' ? null : answer);
    if (answer.kind === 'done') {
      setSubmitted(answer.value);
      setValues({});
      setStep('done');
    } else if (answer.kind === 'refused' && answer.problem.fields) {
      setErrors(answer.problem.fields);
      setStep('edit');
    }
  };

  return {
    step,
    form,
    values,
    errors,
    problem: refusal?.kind === 'refused' ? refusal.problem : null,
    isAway: refusal?.kind === 'away',
    isBusy,
    submitted,
    change: (slot, value) => {
      setValues((before) => ({ ...before, [slot]: value }));
      setErrors(({ [slot]: _mended, ...others }) => others);
    },
    review,
    edit: () => setStep('edit'),
    submit: () => void submit(),
    load: () => void load(),
  };
}
