import type { Bilingual, Language } from '../domain/language.ts';
import type { Form, Slot, SlotKind } from '../domain/pack.ts';

/** Values that passed, split by whether they identify a person. */
export type CheckedForm = {
  /** Safe to keep and show: what identifies nobody, and masked contacts. */
  readonly fields: Readonly<Record<string, string>>;
  /** Kept only under the subject's key. */
  readonly personal: Readonly<Record<string, string>>;
};

/** Hides what identifies a person in a value or a free text. */
export type FormMasking = {
  readonly contact: (value: string) => string;
  readonly text: (value: string) => string;
};

const PERSONAL: ReadonlySet<SlotKind> = new Set<SlotKind>(['name', 'phone', 'email']);
const MAX_VALUE_LENGTH = 500;

const PATTERN: Partial<Record<SlotKind, RegExp>> = {
  phone: /^(?:(?:\+?86)?1[3-9]\d{9}|\+?\d{7,15}|0\d{2,3}-?\d{7,8})$/,
  email: /^[^\s@]{1,64}@[^\s@]+\.[^\s@]{2,}$/,
  digits4: /^\d{4}$/,
  amount: /^\d{1,9}(?:\.\d{1,2})?$/,
  order_number: /^[A-Za-z0-9-]{4,40}$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
};

const ADVICE: Record<SlotKind | 'missing' | 'long', Bilingual> = {
  missing: { zh: '请填写这一项', en: 'Please fill this in' },
  long: { zh: '内容太长，请写得简短些', en: 'Too long; please shorten it' },
  name: { zh: '请填写姓名', en: 'Please enter a name' },
  phone: { zh: '请填写有效的电话号码', en: 'Please enter a valid phone number' },
  email: { zh: '请填写有效的邮箱', en: 'Please enter a valid e-mail address' },
  text: { zh: '请填写文字', en: 'Please enter some text' },
  choice: { zh: '请选择一项', en: 'Please choose one' },
  date: { zh: '请填写有效日期，例如 2026-11-22', en: 'Please enter a date such as 2026-11-22' },
  amount: { zh: '请填写金额，例如 128.50', en: 'Please enter an amount such as 128.50' },
  digits4: { zh: '请填写四位数字', en: 'Please enter four digits' },
  order_number: { zh: '请填写订单号', en: 'Please enter the order number' },
};

/**
 * Checks a form's values slot by slot.
 *
 * @returns the values, or advice per slot in the customer's language
 */
export function checkForm(
  form: Form,
  values: Readonly<Record<string, string>>,
  language: Language,
  masking: FormMasking,
): CheckedForm | { readonly problems: Readonly<Record<string, string>> } {
  const problems: Record<string, string> = {};
  const fields: Record<string, string> = {};
  const personal: Record<string, string> = {};
  for (const slot of form.slots) {
    const value = (values[slot.name] ?? '').normalize('NFKC').trim();
    const problem = problemOf(slot, value);
    if (problem) problems[slot.name] = problem[language];
    else if (value !== '') {
      if (PERSONAL.has(slot.kind)) personal[slot.name] = value;
      fields[slot.name] = shownValue(slot.kind, value, masking);
    }
  }
  return Object.keys(problems).length > 0 ? { problems } : { fields, personal };
}

function shownValue(kind: SlotKind, value: string, masking: FormMasking): string {
  if (PERSONAL.has(kind)) return masking.contact(value);
  return kind === 'text' ? masking.text(value) : value;
}

function problemOf(slot: Slot, value: string): Bilingual | null {
  if (value === '') return slot.optional ? null : ADVICE.missing;
  if (value.length > MAX_VALUE_LENGTH) return ADVICE.long;
  if (slot.kind === 'choice')
    return slot.choices.some((choice) => choice.value === value) ? null : ADVICE.choice;
  if (slot.kind === 'date' && Number.isNaN(Date.parse(value))) return ADVICE.date;
  const digits = slot.kind === 'phone' ? value.replace(/[\s()-]/g, '') : value;
  return PATTERN[slot.kind]?.test(digits) === false ? ADVICE[slot.kind] : null;
}
