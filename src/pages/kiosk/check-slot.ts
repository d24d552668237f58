import type { Slot, SlotKind } from '../../domain/pack.ts';
import type { KioskStrings } from './strings.ts';

const SHAPES: Partial<Readonly<Record<SlotKind, RegExp>>> = {
  phone: /^\+?[\d\s-]{7,18}$/,
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  digits4: /^\d{4}$/,
  amount: /^\d{1,9}([.]\d{1,2})?$/,
};

function adviceFor(kind: SlotKind, strings: KioskStrings): string {
  if (kind === 'phone') return strings.formPhone;
  if (kind === 'email') return strings.formEmail;
  if (kind === 'date') return strings.formDate;
  if (kind === 'digits4') return strings.formDigits4;
  return kind === 'amount' ? strings.formAmount : strings.formMissing;
}

/**
 * Looks at one value before it is sent, so that a slip is said at once; the server has the last word.
 *
 * @returns what to do about it, or null when it may be sent
 */
export function checkSlot(slot: Slot, value: string, strings: KioskStrings): string | null {
  const text = value.trim();
  if (text === '') return slot.optional ? null : strings.formMissing;
  const shape = SHAPES[slot.kind];
  return shape && !shape.test(text) ? adviceFor(slot.kind, strings) : null;
}
