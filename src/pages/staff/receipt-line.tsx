import type { JSX } from 'preact';
import type { Receipt } from '../../domain/session.ts';
import type { Speech } from './strings.ts';

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Says in one small line why the reply is as it is. */
export function ReceiptLine(props: Speech & { readonly receipt: Receipt }): JSX.Element {
  const { receipt, strings } = props;
  const { total } = receipt.stagesMs;
  const parts = [
    strings.routes[receipt.route],
    receipt.intent,
    receipt.engine === 'button' ? strings.direct : percent(receipt.confidence),
    total === undefined ? null : `${total.toFixed(1)} ms`,
    strings.modes[receipt.mode],
  ];
  return (
    <p class="receipt">
      <span class="visually-hidden">{strings.receipt}: </span>
      {parts.filter((part) => part !== null).join(' · ')}
    </p>
  );
}
