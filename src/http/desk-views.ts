import type { EscalationRecord, TicketRecord } from '../desk/desk-projection.ts';
import type { Escalations } from '../desk/escalations.ts';
import type { Presence } from '../desk/presence.ts';
import type { Tickets } from '../desk/tickets.ts';
import type { Knowledge } from '../dialogue/knowledge.ts';
import type { Visits } from '../dialogue/visits.ts';
import type { ChatMessage } from '../domain/desk.ts';
import type {
  EscalationDetail,
  EscalationView,
  TicketView,
  VisitEscalation,
} from '../domain/views.ts';

/** What the views are made from. */
export type DeskViewSources = {
  readonly escalations: Escalations;
  readonly tickets: Tickets;
  readonly presence: Presence;
  readonly visits: Visits;
  readonly knowledge: Knowledge;
  readonly displayName: (account: string) => string | null;
};

const SUGGESTIONS = 3;

/** Shapes of the desk as pages see them. */
export class DeskViews {
  readonly #from: DeskViewSources;

  constructor(from: DeskViewSources) {
    this.#from = from;
  }

  /** How the customer's hand-over stands; null when none is open. */
  visitEscalation(sessionId: string): VisitEscalation | null {
    const open = this.#from.escalations.openFor(sessionId);
    return open && this.forVisit(open);
  }

  /** One escalation as its customer sees it. */
  forVisit(escalation: EscalationRecord): VisitEscalation {
    const { escalations, presence, displayName } = this.#from;
    const { id, status, holder } = escalation;
    return {
      id,
      status,
      position: escalations.position(id),
      waitSeconds: escalations.waitSeconds(id),
      agent: holder === null ? null : displayName(holder),
      staffOnline: presence.isAnyoneOnline(),
    };
  }

  /** The chat of every hand-over of a visit, oldest first. */
  messagesOf(sessionId: string): readonly ChatMessage[] {
    return this.#from.escalations
      .list()
      .filter((one) => one.sessionId === sessionId)
      .flatMap((one) => one.messages)
      .sort((a, b) => a.at - b.at);
  }

  escalation(record: EscalationRecord): EscalationView {
    const { knowledge, displayName } = this.#from;
    const { messages: _, ...escalation } = record;
    return {
      ...escalation,
      skillTitle: record.skill === null ? null : knowledge.skillTitle(record.skill),
      holderName: record.holder === null ? null : displayName(record.holder),
    };
  }

  detail(record: EscalationRecord): EscalationDetail {
    const { tickets, visits } = this.#from;
    const turns = visits.find(record.sessionId)?.turns ?? [];
    return {
      escalation: this.escalation(record),
      turns: turns.filter((turn) => turn.reply.route !== 'relay'),
      messages: this.messagesOf(record.sessionId),
      suggestions: this.#suggestions(record),
      tickets: tickets
        .list()
        .filter((ticket) => ticket.sessionId === record.sessionId)
        .map((ticket) => this.ticket(ticket)),
    };
  }

  ticket({ sealed: _, ...ticket }: TicketRecord): TicketView {
    const title = { zh: ticket.title, en: ticket.title };
    return { ...ticket, formTitle: this.#from.knowledge.form(ticket.form)?.title ?? title };
  }

  /** Short answers to what the conversation was about, the last first. */
  #suggestions(record: EscalationRecord): string[] {
    const { visits, knowledge } = this.#from;
    const turns = visits.find(record.sessionId)?.turns ?? [];
    const intents = turns.map((turn) => turn.receipt.intent).reverse();
    return [...new Set(intents)].slice(0, SUGGESTIONS).flatMap((id) => {
      const intent = id === null ? null : knowledge.intent(id);
      const shown = intent && knowledge.answer(intent, record.language);
      return shown ? [shown.short] : [];
    });
  }
}
