import type { StaffRole } from './account.ts';
import type { ChatMessage, EscalationReason, Outcome, Ticket } from './desk.ts';
import type { Mode } from './health.ts';
import type { Bilingual, Language } from './language.ts';
import type { Urgency } from './pack.ts';
import type { Channel, Turn } from './session.ts';

/** A priority class on the way to headquarters. `urgent` is never shed. */
export type Lane = 'urgent' | 'normal' | 'bulk';

/** Every kind of event with what it carries. Text in here is masked. */
export type EventData = {
  'session.opened': { sessionId: string; channel: Channel; language: Language; tokenHash: string };
  'session.ended': { sessionId: string; reason: 'customer' | 'idle' };
  'session.restarted': { sessionId: string };
  'turn.recorded': { sessionId: string; turn: Turn; turnKey: string | null };
  'message.sent': { sessionId: string; escalationId: string; message: ChatMessage };
  'feedback.given': { sessionId: string; turn: number; helpful: boolean };
  'escalation.opened': {
    escalationId: string;
    sessionId: string;
    reason: EscalationReason;
    skill: string | null;
    language: Language;
    priority: Urgency;
    summary: string;
  };
  'escalation.claimed': { escalationId: string; account: string; leaseUntil: number };
  'escalation.renewed': { escalationId: string; account: string; leaseUntil: number };
  'escalation.returned': {
    escalationId: string;
    account: string;
    why: 'released' | 'lease_expired';
  };
  'escalation.resolved': {
    escalationId: string;
    /** Null when the customer left before anybody came. */
    account: string | null;
    outcome: Outcome;
    note: string;
  };
  'ticket.opened': { ticket: Ticket; submissionId: string };
  'ticket.changed': { number: string; account: string; status: Ticket['status'] };
  'ticket.revealed': { number: string; account: string; reason: string };
  'account.created': {
    name: string;
    displayName: string;
    role: StaffRole;
    skills: readonly string[];
    passwordHash: string;
    mustChangePassword: boolean;
    by: string;
  };
  'account.password_changed': {
    name: string;
    passwordHash: string;
    by: string;
    mustChange: boolean;
  };
  'account.signed_in': { name: string };
  'account.sign_in_refused': { name: string };
  'mode.changed': { from: Mode; to: Mode; why: string };
  'incident.opened': { incidentId: string; probe: string; title: Bilingual; value: number | null };
  'incident.closed': { incidentId: string };
  'box.started': { version: string; recoveredFrom: 'clean_stop' | 'crash' | 'new' };
  'metrics.sampled': { values: Readonly<Record<string, number>> };
};

/** The name of a kind of event. */
export type EventType = keyof EventData;

/**
 * An event before it is committed.
 *
 * `personal` holds what identifies a person (a phone number that a ticket needs); the vault seals it
 * with the key of `subject`, so that destroying that key erases it everywhere.
 */
export type NewEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K;
    readonly data: Readonly<EventData[K]>;
    /** Whom it is about: a visit (session id); null for the box itself. */
    readonly subject: string | null;
    readonly personal?: Readonly<Record<string, string>>;
  };
}[T];

/** An event as the ledger holds it. */
export type CommittedEvent<T extends EventType = EventType> = NewEvent<T> & {
  /** Position in the whole ledger, from 1, contiguous. */
  readonly sequence: number;
  readonly lane: Lane;
  /** Position in its lane, from 1, contiguous. */
  readonly laneSequence: number;
  /** Wall time of the commit, ms since the epoch. */
  readonly at: number;
};

const URGENT: ReadonlySet<EventType> = new Set<EventType>([
  'escalation.opened',
  'escalation.claimed',
  'escalation.renewed',
  'escalation.returned',
  'escalation.resolved',
  'ticket.opened',
  'ticket.changed',
  'ticket.revealed',
  'incident.opened',
  'incident.closed',
  'mode.changed',
]);

/** Says on which lane a kind of event travels. */
export function laneOf(type: EventType): Lane {
  if (type === 'metrics.sampled') return 'bulk';
  return URGENT.has(type) ? 'urgent' : 'normal';
}
