import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Ticket } from '../../domain/desk.ts';
import type { FormView, TicketView } from '../../domain/views.ts';
import { formatMoment } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { languageTag } from '../kit/page-language.ts';
import type { DeskAction } from './desk-state.ts';
import { Refusal } from './refusal.tsx';
import { RevealForm } from './reveal-form.tsx';
import type { StaffApi } from './staff-api.ts';
import type { Speech } from './strings.ts';
import { TicketFields } from './ticket-fields.tsx';
import { dueText } from './ticket-row.tsx';
import { useStep } from './use-step.ts';

const STATUSES: readonly Ticket['status'][] = ['open', 'in_progress', 'done'];

/** One ticket: what it says, how it stands, and the way to its contact. */
export function TicketDetail(
  props: Speech & {
    readonly api: StaffApi;
    readonly ticket: TicketView;
    readonly now: number;
    readonly dispatch: (action: DeskAction) => void;
    readonly onBack: () => void;
  },
): JSX.Element {
  const { ticket, strings, language, api } = props;
  const [form, setForm] = useState<FormView | null>(null);
  const step = useStep(strings);
  useEffect(() => {
    void api.form(ticket.form).then((answer) => {
      if (answer.kind === 'done') setForm(answer.value);
    });
  }, [api, ticket.form]);
  const due = dueText(ticket, props.now, props);
  const setStatus = (status: Ticket['status']): void => {
    void step.run(
      () => api.setTicketStatus(ticket.number, status),
      (value) => props.dispatch({ type: 'ticket', value }),
    );
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus (WCAG 2.1.1)
    <section class="pane pane-talk ticket" aria-labelledby="ticket-title" tabIndex={0}>
      <button type="button" class="button quiet phone-only" onClick={props.onBack}>
        <Icon name="back" />
        {strings.back}
      </button>
      <header>
        <h2 id="ticket-title" class="ticket-head">
          {ticket.formTitle[language]}
        </h2>
        <p class="soft">{ticket.number}</p>
      </header>
      <fieldset class="segments">
        <legend class="visually-hidden">{strings.ticketStatus}</legend>
        {STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={ticket.status === status}
            disabled={step.isBusy}
            onClick={() => setStatus(status)}
          >
            {strings.ticketStatuses[status]}
          </button>
        ))}
      </fieldset>
      <Refusal text={step.refusal} />
      <dl class="facts">
        <div>
          <dt>{strings.ticketOpened}</dt>
          <dd>{formatMoment(ticket.openedAt, language)}</dd>
        </div>
        <div>
          <dt>{strings.ticketDue}</dt>
          <dd class={due.isLate && ticket.status !== 'done' ? 'is-late' : undefined}>
            {formatMoment(ticket.dueAt, language)}
            {ticket.status !== 'done' && ` (${due.text})`}
          </dd>
        </div>
        <div>
          <dt>{strings.priority}</dt>
          <dd>{strings.priorities[ticket.priority]}</dd>
        </div>
        <div>
          <dt>{strings.assignee}</dt>
          <dd>{ticket.assignee ?? strings.nobody}</dd>
        </div>
      </dl>
      <h3>{strings.contents}</h3>
      <p class="soft">{strings.contentsHint}</p>
      <div lang={languageTag(ticket.language)}>
        <TicketFields form={form} fields={ticket.fields} language={language} strings={strings} />
      </div>
      <RevealForm
        api={api}
        form={form}
        number={ticket.number}
        language={language}
        strings={strings}
      />
    </section>
  );
}
