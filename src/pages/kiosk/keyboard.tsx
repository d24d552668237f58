import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { CandidateBar } from './candidate-bar.tsx';
import type { KeyboardKind } from './keyboard-layouts.ts';
import { ScreenKeys } from './screen-keys.tsx';
import type { KioskStrings } from './strings.ts';
import { useTyping } from './use-typing.ts';
import type { WritableField } from './write-into-field.ts';

/** The on-screen keyboard for one field: Chinese by pinyin, Latin letters, or digits. */
export function Keyboard(props: {
  readonly field: WritableField;
  readonly kind: KeyboardKind;
  readonly strings: KioskStrings;
}): JSX.Element {
  const typing = useTyping(props.field, props.kind);
  // The keyboard takes room away: what is being written must stay in sight.
  useEffect(() => props.field.scrollIntoView({ block: 'center' }), [props.field]);
  return (
    <section class={`keyboard keyboard-${typing.kind}`} aria-label={props.strings.keyboard}>
      {typing.kind === 'pinyin' && (
        <CandidateBar
          strings={props.strings}
          typed={typing.typed}
          ready={typing.isReady}
          candidates={typing.candidates}
          onChoose={typing.choose}
        />
      )}
      <ScreenKeys
        layout={typing.kind === 'latin' && typing.isShifted ? 'shifted' : typing.kind}
        strings={props.strings}
        onKey={typing.press}
      />
    </section>
  );
}
