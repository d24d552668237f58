import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { create } from 'qrcode';

const QUIET_ZONE = 4;

/** Draws a text as a QR code. */
export function QrCode(props: { readonly text: string; readonly label: string }): JSX.Element {
  const { path, size } = useMemo(() => {
    const { modules } = create(props.text, { errorCorrectionLevel: 'M' });
    let drawn = '';
    for (let row = 0; row < modules.size; row += 1) {
      for (let column = 0; column < modules.size; column += 1) {
        if (modules.get(row, column)) drawn += `M${column} ${row}h1v1h-1z`;
      }
    }
    return { path: drawn, size: modules.size };
  }, [props.text]);
  const side = size + 2 * QUIET_ZONE;
  return (
    <svg
      class="qr"
      viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`}
      role="img"
      aria-label={props.label}
      shape-rendering="crispEdges"
    >
      <path d={path} fill="#1f2421" />
    </svg>
  );
}
