import type { JSX } from 'preact';
import { Icon } from '../kit/icon.tsx';
import type { KioskStrings } from './strings.ts';

/** The strip at the bottom: a person is always one tap away, and so is the way out. */
export function BottomBar(props: {
  readonly strings: KioskStrings;
  readonly hasPerson: boolean;
  readonly onPerson: () => void;
  /** Absent on the start screen, where there is nothing to leave. */
  readonly onRestart?: (() => void) | undefined;
  readonly onEnd?: (() => void) | undefined;
}): JSX.Element {
  const { strings } = props;
  return (
    <footer class="bottom-bar">
      <button
        type="button"
        class="button bar-person"
        disabled={props.hasPerson}
        onClick={props.onPerson}
      >
        <Icon name="person" />
        {strings.person}
      </button>
      {props.onRestart && (
        <button type="button" class="button quiet" onClick={props.onRestart}>
          <Icon name="again" />
          {strings.restart}
        </button>
      )}
      {props.onEnd && (
        <button type="button" class="button quiet" onClick={props.onEnd}>
          <Icon name="leave" />
          {strings.end}
        </button>
      )}
    </footer>
  );
}
