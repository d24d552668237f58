import type { JSX } from 'preact';
import { Icon } from '../kit/icon.tsx';
import type { KioskStrings } from './strings.ts';

/** Asks once whether an answer helped. */
export function Rating(props: {
  readonly helpful: boolean | null;
  readonly strings: KioskStrings;
  readonly onRate: (helpful: boolean) => void;
}): JSX.Element {
  if (props.helpful !== null) {
    return (
      <p class="rating" role="status">
        <Icon name="done" />
        {props.strings.thanksForRating}
      </p>
    );
  }
  return (
    <fieldset class="rating">
      <legend>{props.strings.helpfulQuestion}</legend>
      <button type="button" class="button quiet" onClick={() => props.onRate(true)}>
        <Icon name="up" />
        {props.strings.helpful}
      </button>
      <button type="button" class="button quiet" onClick={() => props.onRate(false)}>
        <Icon name="down" />
        {props.strings.notHelpful}
      </button>
    </fieldset>
  );
}
