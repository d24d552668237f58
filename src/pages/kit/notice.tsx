import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

/** Fills an empty or broken place with a calm word and what to do. */
export function Notice(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  readonly heading?: 1 | 2;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const Heading = props.heading === 1 ? 'h1' : 'h2';
  return (
    <div class="notice">
      <Icon name={props.icon} />
      <Heading>{props.title}</Heading>
      {props.text !== undefined && <p>{props.text}</p>}
      {props.children}
    </div>
  );
}
