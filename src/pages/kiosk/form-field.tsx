import type { JSX } from 'preact';
import type { Language } from '../../domain/language.ts';
import type { Slot, SlotKind } from '../../domain/pack.ts';
import { Icon } from '../kit/icon.tsx';
import type { KeyboardKind } from './keyboard-layouts.ts';
import type { KioskStrings } from './strings.ts';
import { hasOwnKeyboard } from './use-keyboard-field.ts';

type Mode = 'text' | 'tel' | 'email' | 'numeric' | 'decimal';
const MODES: Partial<Readonly<Record<SlotKind, Mode>>> = {
  phone: 'tel',
  email: 'email',
  amount: 'decimal',
  digits4: 'numeric',
};
const DIGITS: ReadonlySet<SlotKind> = new Set(['phone', 'amount', 'digits4', 'date']);
const LATIN: ReadonlySet<SlotKind> = new Set(['email', 'order_number']);
const DAY_MS = 86_400_000;

function keyboardOf(kind: SlotKind, language: Language): KeyboardKind {
  if (DIGITS.has(kind)) return 'digits';
  return LATIN.has(kind) || language === 'en' ? 'latin' : 'pinyin';
}

/** Writes a day of the branch's own calendar as year-month-day. */
const dayString = (daysAgo: number): string =>
  new Intl.DateTimeFormat('en-CA').format(Date.now() - daysAgo * DAY_MS);

type FormFieldProps = {
  readonly slot: Slot;
  readonly value: string;
  readonly error: string | undefined;
  readonly language: Language;
  readonly strings: KioskStrings;
  readonly onChange: (value: string) => void;
};

function ChoiceField(props: FormFieldProps): JSX.Element {
  const { slot } = props;
  return (
    <div class="options">
      {slot.choices.map((choice) => (
        <label key={choice.value} class="option">
          <input
            type="radio"
            name={slot.name}
            value={choice.value}
            checked={props.value === choice.value}
            onChange={() => props.onChange(choice.value)}
          />
          <span>{choice.label[props.language]}</span>
        </label>
      ))}
    </div>
  );
}

function DayButtons(props: FormFieldProps): JSX.Element {
  const { strings } = props;
  const days = [strings.today, strings.yesterday, strings.dayBefore];
  return (
    <div class="day-buttons">
      {days.map((label, daysAgo) => (
        <button
          key={label}
          type="button"
          class="button"
          onClick={() => props.onChange(dayString(daysAgo))}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function TextField(props: FormFieldProps): JSX.Element {
  const { slot } = props;
  return (
    <>
      <input
        id={`slot-${slot.name}`}
        class="field"
        type="text"
        name={slot.name}
        value={props.value}
        inputMode={hasOwnKeyboard() ? 'none' : (MODES[slot.kind] ?? 'text')}
        autocomplete="off"
        spellcheck={false}
        maxLength={200}
        aria-required={!slot.optional}
        aria-invalid={props.error !== undefined}
        aria-describedby={props.error === undefined ? undefined : `slot-${slot.name}-error`}
        placeholder={slot.kind === 'date' ? '2026-03-08' : undefined}
        data-keyboard={keyboardOf(slot.kind, props.language)}
        onInput={(event) => props.onChange(event.currentTarget.value)}
      />
      {slot.kind === 'date' && <DayButtons {...props} />}
    </>
  );
}

/** One slot of a form: its question, its field and what is wrong with it. */
export function FormField(props: FormFieldProps): JSX.Element {
  const { slot, strings } = props;
  const prompt = (
    <>
      {slot.prompt[props.language]}
      {slot.optional && <small> ({strings.formOptional})</small>}
    </>
  );
  const error = props.error !== undefined && (
    <p class="field-error" id={`slot-${slot.name}-error`}>
      <Icon name="alert" />
      {props.error}
    </p>
  );
  if (slot.kind === 'choice') {
    return (
      <fieldset class="form-row" id={`slot-${slot.name}`} tabIndex={-1}>
        <legend>{prompt}</legend>
        <ChoiceField {...props} />
        {error}
      </fieldset>
    );
  }
  return (
    <div class="form-row">
      <label for={`slot-${slot.name}`}>{prompt}</label>
      <TextField {...props} />
      {error}
    </div>
  );
}
