import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../kit/icon.tsx';
import type { KioskStrings } from './strings.ts';

const SHOWN_SECONDS = 6;

/** Says goodbye with an empty screen and goes back to the start by itself. */
export function ThanksScreen(props: {
  readonly strings: KioskStrings;
  readonly onStart: () => void;
}): JSX.Element {
  const [seconds, setSeconds] = useState(SHOWN_SECONDS);
  const { strings, onStart } = props;
  useEffect(() => {
    const timer = setTimeout(() => (seconds > 1 ? setSeconds(seconds - 1) : onStart()), 1000);
    return () => clearTimeout(timer);
  }, [seconds, onStart]);
  return (
    <main class="thanks">
      <span class="thanks-sign">
        <Icon name="done" />
      </span>
      <h1>{strings.thanksTitle}</h1>
      <p class="thanks-text">{strings.thanksText}</p>
      <button type="button" class="button" onClick={onStart}>
        {strings.toStart}
      </button>
      <p class="thanks-next">{strings.thanksNext(seconds)}</p>
    </main>
  );
}
