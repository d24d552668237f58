import type { Account } from '../domain/account.ts';
import type { Ticket } from '../domain/desk.ts';
import { InputError } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';
import { ownValue } from '../domain/own-value.ts';
import type { Form, Urgency } from '../domain/pack.ts';
import type { Clock, Ledger, PersonalReader, Projected } from '../domain/ports.ts';
import type { DeskState, TicketRecord } from './desk-projection.ts';
import { checkForm, type FormMasking } from './form-values.ts';

/** What tickets need. */
export type TicketsOptions = {
  readonly ledger: Ledger;
  readonly desk: Projected<DeskState>;
  readonly clock: Clock;
  readonly masking: (language: Language) => FormMasking;
  /** Letters and digits that cannot be guessed; they end a ticket's number. */
  readonly newCode: () => string;
  readonly personal: PersonalReader;
};

/** A submitted form. */
export type Submission = {
  readonly sessionId: string;
  /** Made by the page once per form: the same again is refused, not doubled. */
  readonly submissionId: string;
  readonly form: Form;
  readonly language: Language;
  readonly values: Readonly<Record<string, string>>;
};

const HOUR_MS = 60 * 60 * 1000;
const SERVICE_HOURS: Readonly<Record<Urgency, number>> = {
  urgent: 2,
  high: 4,
  normal: 24,
  low: 72,
};

/** Opens and works tickets. */
export class Tickets {
  readonly #options: TicketsOptions;
  readonly #submitting = new Set<string>();

  constructor(options: TicketsOptions) {
    this.#options = options;
  }

  /**
   * Opens a ticket from a form.
   *
   * @returns the ticket, or advice per slot in the customer's language
   * @throws InputError FORM_ALREADY_SUBMITTED naming the ticket
   */
  async submit(
    submission: Submission,
  ): Promise<Ticket | { readonly problems: Readonly<Record<string, string>> }> {
    const { submissionId, form, language } = submission;
    const known = ownValue(this.#options.desk.state.submissions, submissionId);
    if (known !== undefined || this.#submitting.has(submissionId)) {
      throw new InputError('FORM_ALREADY_SUBMITTED', {
        detail: `submission ${submissionId} became ticket ${known ?? 'a moment ago'}; do not send it again`,
      });
    }
    const masking = this.#options.masking(language);
    const checked = checkForm(form, submission.values, language, masking);
    if ('problems' in checked) return checked;
    const ticket = this.#ticketOf(submission, checked.fields);
    this.#submitting.add(submissionId);
    try {
      await this.#options.ledger.commit([
        {
          type: 'ticket.opened',
          subject: submission.sessionId,
          data: { ticket, submissionId },
          ...(Object.keys(checked.personal).length > 0 ? { personal: checked.personal } : {}),
        },
      ]);
    } finally {
      this.#submitting.delete(submissionId);
    }
    return ticket;
  }

  /** Every ticket, the one due first in front, done ones last. */
  list(): TicketRecord[] {
    const rank = (ticket: Ticket) => (ticket.status === 'done' ? 1 : 0);
    return Object.values(this.#options.desk.state.tickets).sort(
      (a, b) => rank(a) - rank(b) || a.dueAt - b.dueAt,
    );
  }

  /** @throws InputError DESK_TICKET_UNKNOWN */
  require(number: string): TicketRecord {
    const found = ownValue(this.#options.desk.state.tickets, number);
    if (!found) {
      throw new InputError('DESK_TICKET_UNKNOWN', {
        detail: `no ticket has the number ${number}; check it`,
      });
    }
    return found;
  }

  async setStatus(
    number: string,
    staff: Pick<Account, 'name'>,
    status: Ticket['status'],
  ): Promise<TicketRecord> {
    const ticket = this.require(number);
    await this.#options.ledger.commit([
      {
        type: 'ticket.changed',
        subject: ticket.sessionId,
        data: { number, account: staff.name, status },
      },
    ]);
    return this.require(number);
  }

  /**
   * Shows who opened a ticket. The reveal is on record before anything is shown.
   *
   * @returns the contacts; empty when there are none or they were erased
   */
  async reveal(
    number: string,
    staff: Pick<Account, 'name'>,
    reason: string,
  ): Promise<Readonly<Record<string, string>>> {
    const ticket = this.require(number);
    await this.#options.ledger.commit([
      {
        type: 'ticket.revealed',
        subject: ticket.sessionId,
        data: { number, account: staff.name, reason },
      },
    ]);
    const personal = ticket.sealed === null ? {} : { personal: ticket.sealed };
    return this.#options.personal.readPersonal({ subject: ticket.sessionId, ...personal }) ?? {};
  }

  #ticketOf(submission: Submission, fields: Readonly<Record<string, string>>): Ticket {
    const { form, language, sessionId } = submission;
    const openedAt = this.#options.clock.now();
    const day = new Date(openedAt).toISOString().slice(2, 10).replaceAll('-', '');
    return {
      number: `T${day}-${this.#options.newCode()}`,
      sessionId,
      form: form.id,
      title: form.title[language],
      category: form.category,
      skill: form.skill,
      priority: form.priority,
      language,
      openedAt,
      dueAt: openedAt + SERVICE_HOURS[form.priority] * HOUR_MS,
      fields,
      status: 'open',
      assignee: null,
    };
  }
}
