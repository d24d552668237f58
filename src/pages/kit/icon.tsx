import type { JSX } from 'preact';

const PATHS = {
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20a7.5 7.5 0 0 1 15 0',
  send: 'M12 19V5m0 0-6 6m6-6 6 6',
  again: 'M4 5v5h5M4.6 10a8 8 0 1 1-.5 4.5',
  leave: 'M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 16l-4-4 4-4M6 12h9',
  up: 'M7 11v9H4v-9h3Zm0 0 4-7a2.4 2.4 0 0 1 2.2 2.9L12.6 10H19a2 2 0 0 1 2 2.3l-1 6a2 2 0 0 1-2 1.7H7',
  down: 'M7 13V4H4v9h3Zm0 0 4 7a2.4 2.4 0 0 0 2.2-2.9L12.6 14H19a2 2 0 0 0 2-2.3l-1-6A2 2 0 0 0 18 4H7',
  form: 'M7 3h8l4 4v14H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm2 8h6m-6 4h6',
  next: 'm9 5 7 7-7 7',
  back: 'm15 5-7 7 7 7',
  alert: 'M12 8v5m0 3.5v.01M12 3 2.5 20h19L12 3Z',
  cloud: 'M7 18a4 4 0 0 1-.6-7.95A6 6 0 0 1 18 9.5 4.3 4.3 0 0 1 17.5 18M4 3l16 18',
  done: 'm5 12.5 4.5 4.5L19 7.5',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.5 2',
  keyboard: 'M3 7h18v11H3zM7 11h.01M11 11h.01M15 11h.01M8 15h8',
  queue: 'M4 5h16v11H9l-5 4V5Z',
  ticket: 'M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4V6Zm10 0v12',
  pulse: 'M3 12h4l3-7 4 14 3-7h4',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3 20a6 6 0 0 1 12 0M16 4.4a3.5 3.5 0 0 1 0 6.2M18 14.5a6 6 0 0 1 3 5.5',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm9.5 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  branch: 'M4 20V9l8-5 8 5v11M9 20v-6h6v6',
} as const;

/** The name of a drawn sign. */
export type IconName = keyof typeof PATHS;

/** Draws a sign in the colour of the text; decoration, the words stand beside it. */
export function Icon(props: { readonly name: IconName }): JSX.Element {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.9"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[props.name]} />
    </svg>
  );
}
