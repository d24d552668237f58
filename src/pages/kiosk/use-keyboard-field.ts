import { useEffect, useState } from 'preact/hooks';
import type { KeyboardKind } from './keyboard-layouts.ts';
import type { WritableField } from './write-into-field.ts';

/** From this width on it is a kiosk; below, a phone brings a keyboard of its own. */
const KIOSK = '(min-width: 700px)';

/** Tells whether the page shows its own keyboard. */
export const hasOwnKeyboard = (): boolean => matchMedia(KIOSK).matches;

const isWritable = (target: EventTarget | null): target is WritableField =>
  (target instanceof HTMLInputElement && target.dataset['keyboard'] !== undefined) ||
  (target instanceof HTMLTextAreaElement && target.dataset['keyboard'] !== undefined);

/**
 * Finds the field that the on-screen keyboard should write into: the focused one that carries
 * `data-keyboard`.
 */
export function useKeyboardField(): {
  readonly field: WritableField;
  readonly kind: KeyboardKind;
} | null {
  const [field, setField] = useState<WritableField | null>(null);
  useEffect(() => {
    let isPressed = false;
    const settle = (): void => {
      const active = document.activeElement;
      setField(isWritable(active) && hasOwnKeyboard() ? active : null);
    };
    const onPress = (): void => {
      isPressed = true;
    };
    // The keyboard must not vanish between press and release: what is pressed would move away.
    const onRelease = (): void => {
      isPressed = false;
      setTimeout(settle);
    };
    const onFocusChange = (event: FocusEvent): void => {
      if (event.type === 'focusin' && isWritable(event.target)) settle();
      else if (!isPressed) setTimeout(settle);
    };
    const stop = new AbortController();
    const options = { capture: true, signal: stop.signal };
    addEventListener('pointerdown', onPress, options);
    addEventListener('pointerup', onRelease, options);
    addEventListener('pointercancel', onRelease, options);
    addEventListener('focusin', onFocusChange, options);
    addEventListener('focusout', onFocusChange, options);
    return () => stop.abort();
  }, []);
  if (!field) return null;
  const kind = field.dataset['keyboard'];
  return { field, kind: kind === 'pinyin' || kind === 'digits' ? kind : 'latin' };
}
