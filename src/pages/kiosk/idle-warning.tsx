import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { KioskStrings } from './strings.ts';

/** Warns that the visit is about to end; any touch keeps it. */
export function IdleWarning(props: {
  readonly seconds: number;
  readonly strings: KioskStrings;
  readonly onStay: () => void;
  readonly onEnd: () => void;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { strings } = props;
  return (
    <dialog ref={dialog} class="idle" aria-labelledby="idle-title" onCancel={props.onStay}>
      <h2 id="idle-title">{strings.idleTitle}</h2>
      <p class="idle-seconds" aria-hidden="true">
        {props.seconds}
      </p>
      <p>{strings.idleText(props.seconds)}</p>
      <div class="idle-buttons">
        <button type="button" class="button primary" onClick={props.onStay}>
          {strings.idleStay}
        </button>
        <button type="button" class="button" onClick={props.onEnd}>
          {strings.end}
        </button>
      </div>
    </dialog>
  );
}
