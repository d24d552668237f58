import type { JSX } from 'preact';
import type { TicketView } from '../../domain/views.ts';
import { formatDuration } from '../kit/format.ts';
import type { Speech } from './strings.ts';

/** Says how long there is to answer a ticket. */
export function dueText(
  ticket: TicketView,
  now: number,
  { strings, language }: Speech,
): { readonly text: string; readonly isLate: boolean } {
  const left = ticket.dueAt - now;
  if (left < 0) return { text: strings.overdue, isLate: true };
  return { text: strings.dueIn(formatDuration(left, language)), isLate: false };
}

/** One ticket in the list. */
export function TicketRow(
  props: Speech & {
    readonly ticket: TicketView;
    readonly now: number;
    readonly isOpen: boolean;
    readonly onOpen: () => void;
  },
): JSX.Element {
  const { ticket, strings, language } = props;
  const due = dueText(ticket, props.now, props);
  return (
    <li>
      <button
        type="button"
        class={`queue-row priority-${ticket.priority}`}
        aria-current={props.isOpen}
        onClick={props.onOpen}
      >
        <span class="queue-summary">{ticket.formTitle[language]}</span>
        <span class="queue-tags">
          <span class={`tag status-${ticket.status}`}>{strings.ticketStatuses[ticket.status]}</span>
          {ticket.priority !== 'normal' && (
            <span class={`tag tag-${ticket.priority}`}>{strings.priorities[ticket.priority]}</span>
          )}
          <span class="tag">{ticket.number}</span>
        </span>
        {ticket.status !== 'done' && (
          <span class={due.isLate ? 'queue-wait is-late' : 'queue-wait'}>{due.text}</span>
        )}
      </button>
    </li>
  );
}
