import type { JSX } from 'preact';
import type { Language } from '../../domain/language.ts';
import type { SubmittedForm } from '../../domain/views.ts';
import { formatMoment } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { QrCode } from './qr-code.tsx';
import type { KioskStrings } from './strings.ts';

/** Shows the ticket's number, very large, and the way to follow it by phone. */
export function TicketReceipt(props: {
  readonly submitted: SubmittedForm;
  readonly language: Language;
  readonly strings: KioskStrings;
  readonly onBack: () => void;
  readonly onEnd: () => void;
}): JSX.Element {
  const { submitted, strings } = props;
  return (
    <section class="ticket" role="status">
      <h1>{strings.ticketTitle}</h1>
      <p class="ticket-number">{submitted.number}</p>
      <p class="ticket-due">
        {strings.ticketDue(formatMoment(submitted.dueAt, props.language))} {strings.ticketKeep}
      </p>
      <figure>
        <QrCode
          text={`${location.origin}/t/${encodeURIComponent(submitted.number)}`}
          label={strings.ticketQrLabel(submitted.number)}
        />
        <figcaption>{strings.ticketQr}</figcaption>
      </figure>
      <div class="form-buttons">
        <button type="button" class="button" onClick={props.onBack}>
          {strings.goOn}
        </button>
        <button type="button" class="button primary" onClick={props.onEnd}>
          <Icon name="leave" />
          {strings.end}
        </button>
      </div>
    </section>
  );
}
