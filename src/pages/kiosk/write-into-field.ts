/** A field that the on-screen keyboard can write into. */
export type WritableField = HTMLInputElement | HTMLTextAreaElement;

function announce(field: WritableField): void {
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** Writes a text at the caret, in place of what is selected. */
export function writeIntoField(field: WritableField, text: string): void {
  const start = field.selectionStart ?? field.value.length;
  const end = field.selectionEnd ?? start;
  const room =
    field.maxLength < 0 ? text.length : field.maxLength - field.value.length + end - start;
  field.setRangeText(text.slice(0, Math.max(0, room)), start, end, 'end');
  announce(field);
}

/** Deletes what is selected, or the character before the caret. */
export function deleteFromField(field: WritableField): void {
  const start = field.selectionStart ?? field.value.length;
  const end = field.selectionEnd ?? start;
  // One character is what the reader sees as one: never half a surrogate pair.
  const before = [...field.value.slice(0, start)].at(-1)?.length ?? 0;
  field.setRangeText('', start === end ? start - before : start, end, 'end');
  announce(field);
}
