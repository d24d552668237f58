import type { JSX } from 'preact';
import { Icon } from '../kit/icon.tsx';

/** Says why something was refused; nothing when it was not. */
export function Refusal(props: { readonly text: string | null }): JSX.Element | null {
  if (props.text === null) return null;
  return (
    <p class="field-error" role="alert">
      <Icon name="alert" />
      {props.text}
    </p>
  );
}
