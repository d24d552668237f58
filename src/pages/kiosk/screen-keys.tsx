import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { SimpleKeyboard } from 'simple-keyboard';
import { KEYBOARD_ROWS } from './keyboard-layouts.ts';
import type { KioskStrings } from './strings.ts';

const displayOf = (strings: KioskStrings): Record<string, string> => ({
  '{bksp}': strings.keyDelete,
  '{space}': strings.keySpace,
  '{shift}': strings.keyShift,
  '{latin}': strings.keyToLatin,
  '{pinyin}': strings.keyToPinyin,
  '{hide}': strings.keyHide,
});

/** Draws the keys; what they do is up to the caller. */
export function ScreenKeys(props: {
  readonly layout: string;
  readonly strings: KioskStrings;
  readonly onKey: (key: string) => void;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const keyboard = useRef<SimpleKeyboard | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    if (!place.current) return;
    const made = new SimpleKeyboard(place.current, {
      layout: Object.fromEntries(Object.entries(KEYBOARD_ROWS).map(([k, rows]) => [k, [...rows]])),
      layoutName: latest.current.layout,
      useButtonTag: true,
      preventMouseDownDefault: true,
      stopMouseDownPropagation: false,
      disableCaretPositioning: true,
      onKeyPress: (key: string) => latest.current.onKey(key),
    });
    keyboard.current = made;
    return () => {
      keyboard.current = null;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    keyboard.current?.setOptions({
      layoutName: props.layout,
      display: displayOf(props.strings),
      mergeDisplay: true,
    });
    // The keys stand in for a real keyboard: the field is in the tab order, they are not.
    for (const key of place.current?.querySelectorAll('button') ?? []) key.tabIndex = -1;
  }, [props.layout, props.strings]);

  // simple-keyboard sets the classes of its own element anew: ours stand on the one around it.
  return (
    <div class="keys">
      <div ref={place} class="simple-keyboard" />
    </div>
  );
}
