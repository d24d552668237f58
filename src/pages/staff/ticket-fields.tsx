import type { JSX } from 'preact';
import type { FormView } from '../../domain/views.ts';
import type { Speech } from './strings.ts';

/** Names a field by its question; by its own name when the form is no longer known. */
const fieldTitle = (form: FormView | null, name: string, { language }: Speech): string =>
  form?.slots.find((slot) => slot.name === name)?.prompt[language] ?? name.replaceAll('_', ' ');

const fieldValue = (
  form: FormView | null,
  name: string,
  value: string,
  { language }: Speech,
): string => {
  const slot = form?.slots.find((one) => one.name === name);
  return slot?.choices.find((choice) => choice.value === value)?.label[language] ?? value;
};

/** Draws the fields of a ticket, masked or revealed. */
export function TicketFields(
  props: Speech & {
    readonly form: FormView | null;
    readonly fields: Readonly<Record<string, string>>;
  },
): JSX.Element {
  return (
    <dl class="fields">
      {Object.entries(props.fields).map(([name, value]) => (
        <div key={name}>
          <dt>{fieldTitle(props.form, name, props)}</dt>
          <dd>{fieldValue(props.form, name, value, props)}</dd>
        </div>
      ))}
    </dl>
  );
}
