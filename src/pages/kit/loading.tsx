import type { JSX } from 'preact';

/** Says that something is on its way. */
export function Loading(props: { readonly label: string }): JSX.Element {
  return (
    <div class="notice" role="status">
      <span class="spinner" aria-hidden="true" />
      <p>{props.label}</p>
    </div>
  );
}
