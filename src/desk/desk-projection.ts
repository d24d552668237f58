import { z } from 'zod';
import type { ChatMessage, Escalation, Ticket } from '../domain/desk.ts';
import type { CommittedEvent } from '../domain/events.ts';
import type { Projection } from '../domain/ports.ts';

/** An escalation with its chat. */
export type EscalationRecord = Escalation & { messages: ChatMessage[] };

/** A ticket with what only an audited reveal may open, sealed with the subject's key. */
export type TicketRecord = Ticket & { sealed: Readonly<Record<string, string>> | null };

/** Everything on the desk. */
export type DeskState = {
  escalations: Record<string, EscalationRecord>;
  tickets: Record<string, TicketRecord>;
  /** Submitted forms: submission id → ticket number. */
  submissions: Record<string, string>;
  /** The last waits from opening to claim, ms; the honest estimate rests on them. */
  waitsMs: number[];
};

/** Resolved escalations stay at hand this long. */
const KEPT_MS = 24 * 60 * 60 * 1000;
const KEPT_WAITS = 20;

const object = <T>(): z.ZodType<T> =>
  z.custom<T>((value) => typeof value === 'object' && value !== null && 'status' in value);

const Stored = z.object({
  escalations: z.record(z.string(), object<EscalationRecord>()),
  tickets: z.record(z.string(), object<TicketRecord>()),
  submissions: z.record(z.string(), z.string()),
  waitsMs: z.array(z.number()),
});

/** Folds escalations, their chats and tickets. */
export const deskProjection: Projection<DeskState> = {
  name: 'desk',
  version: 1,
  initial: () => ({ escalations: {}, tickets: {}, submissions: {}, waitsMs: [] }),
  parse: (stored) => Stored.parse(stored),
  apply(state, event) {
    switch (event.type) {
      case 'escalation.opened':
        forgetOld(state, event.at);
        state.escalations[event.data.escalationId] = open(event);
        return;
      case 'escalation.claimed':
      case 'escalation.renewed':
      case 'escalation.returned':
      case 'escalation.resolved':
        changeEscalation(state, event);
        return;
      case 'message.sent':
        state.escalations[event.data.escalationId]?.messages.push(event.data.message);
        return;
      case 'ticket.opened':
        state.tickets[event.data.ticket.number] = {
          ...event.data.ticket,
          sealed: event.personal ?? null,
        };
        state.submissions[event.data.submissionId] = event.data.ticket.number;
        return;
      case 'ticket.changed': {
        const ticket = state.tickets[event.data.number];
        if (!ticket) return;
        ticket.status = event.data.status;
        ticket.assignee = event.data.account;
        return;
      }
      default:
        return;
    }
  },
};

function open(event: CommittedEvent & { type: 'escalation.opened' }): EscalationRecord {
  const { escalationId, ...asked } = event.data;
  return {
    ...asked,
    id: escalationId,
    openedAt: event.at,
    status: 'waiting',
    holder: null,
    leaseUntil: null,
    resolvedAt: null,
    outcome: null,
    messages: [],
  };
}

type Change = CommittedEvent & {
  type: 'escalation.claimed' | 'escalation.renewed' | 'escalation.returned' | 'escalation.resolved';
};

function changeEscalation(state: DeskState, event: Change): void {
  const escalation = state.escalations[event.data.escalationId];
  if (!escalation) return;
  switch (event.type) {
    case 'escalation.claimed':
      if (escalation.status === 'waiting') {
        state.waitsMs.push(event.at - escalation.openedAt);
        if (state.waitsMs.length > KEPT_WAITS) state.waitsMs.shift();
      }
      escalation.status = 'claimed';
      escalation.holder = event.data.account;
      escalation.leaseUntil = event.data.leaseUntil;
      return;
    case 'escalation.renewed':
      escalation.leaseUntil = event.data.leaseUntil;
      return;
    case 'escalation.returned':
      escalation.status = 'waiting';
      escalation.holder = null;
      escalation.leaseUntil = null;
      return;
    case 'escalation.resolved':
      escalation.status = 'resolved';
      escalation.outcome = event.data.outcome;
      escalation.leaseUntil = null;
      escalation.resolvedAt = event.at;
      return;
  }
}

function forgetOld(state: DeskState, now: number): void {
  for (const one of Object.values(state.escalations))
    if (one.resolvedAt !== null && one.resolvedAt < now - KEPT_MS) delete state.escalations[one.id];
}
