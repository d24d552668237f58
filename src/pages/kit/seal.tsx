import type { JSX } from 'preact';

/** Draws the product's seal; decoration, the name stands beside it. */
export function Seal(): JSX.Element {
  return (
    <span class="seal" lang="zh-CN" aria-hidden="true">
      <span>掌</span>
    </span>
  );
}
