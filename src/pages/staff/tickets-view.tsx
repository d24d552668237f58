import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TicketView } from '../../domain/views.ts';
import { Loading } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import { useNow } from '../kit/use-now.ts';
import type { DeskAction } from './desk-state.ts';
import type { StaffApi } from './staff-api.ts';
import type { Speech } from './strings.ts';
import { TicketDetail } from './ticket-detail.tsx';
import { TicketRow } from './ticket-row.tsx';

const STATUS_RANK = { open: 0, in_progress: 1, done: 2 } as const;

const byDue = (a: TicketView, b: TicketView): number =>
  STATUS_RANK[a.status] - STATUS_RANK[b.status] || a.dueAt - b.dueAt;

/** The tickets, those that are due first on top, and the one that is open. */
export function TicketsView(
  props: Speech & {
    readonly api: StaffApi;
    readonly tickets: readonly TicketView[] | null;
    readonly dispatch: (action: DeskAction) => void;
  },
): JSX.Element {
  const { tickets, strings } = props;
  const [openNumber, setOpenNumber] = useState<string | null>(null);
  const now = useNow(10_000);
  const open = tickets?.find((ticket) => ticket.number === openNumber);
  return (
    <main class="panes panes-two" data-pane={open ? 'talk' : 'list'}>
      <h1 class="visually-hidden">{strings.tickets}</h1>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus (WCAG 2.1.1) */}
      <section class="pane pane-list" aria-label={strings.tickets} tabIndex={0}>
        {tickets === null && <Loading label={strings.loading} />}
        {tickets?.length === 0 && (
          <Notice icon="ticket" title={strings.ticketsEmpty} text={strings.ticketsEmptyText} />
        )}
        <ul>
          {tickets?.toSorted(byDue).map((ticket) => (
            <TicketRow
              key={ticket.number}
              ticket={ticket}
              now={now}
              language={props.language}
              strings={strings}
              isOpen={ticket.number === openNumber}
              onOpen={() => setOpenNumber(ticket.number)}
            />
          ))}
        </ul>
      </section>
      {open ? (
        <TicketDetail
          key={open.number}
          {...props}
          ticket={open}
          now={now}
          onBack={() => setOpenNumber(null)}
        />
      ) : (
        <section class="pane pane-talk pane-empty">
          <Notice icon="ticket" title={strings.pickTicket} text={strings.pickTicketText} />
        </section>
      )}
    </main>
  );
}
