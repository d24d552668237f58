import type { Language } from './language.ts';
import type { Urgency } from './pack.ts';

/** Why a person is needed. */
export type EscalationReason =
  | 'customer_asked'
  | 'not_understood'
  | 'complaint'
  | 'abuse'
  | 'answer_incomplete'
  | 'engines_away';

/** How a hand-over ended. */
export type Outcome = 'solved' | 'ticket' | 'customer_left' | 'other';

/** A conversation that waits for, or is held by, a person. */
export type Escalation = {
  readonly id: string;
  readonly sessionId: string;
  readonly reason: EscalationReason;
  readonly skill: string | null;
  readonly language: Language;
  readonly priority: Urgency;
  /** The question that led here, masked. */
  readonly summary: string;
  readonly openedAt: number;
  status: 'waiting' | 'claimed' | 'resolved';
  /** Account that holds the lease; null while waiting. */
  holder: string | null;
  /** The lease returns by itself at this wall time. */
  leaseUntil: number | null;
  resolvedAt: number | null;
  outcome: Outcome | null;
};

/** Work that outlives the visit (工单). */
export type Ticket = {
  readonly number: string;
  readonly sessionId: string;
  readonly form: string;
  readonly title: string;
  readonly category: string;
  readonly skill: string;
  readonly priority: Urgency;
  readonly language: Language;
  readonly openedAt: number;
  /** The service level: to be answered before this wall time. */
  readonly dueAt: number;
  /** Field values that identify nobody, and masked forms of those that do. */
  readonly fields: Readonly<Record<string, string>>;
  status: 'open' | 'in_progress' | 'done';
  assignee: string | null;
};

/** A line of the conversation between customer and person. */
export type ChatMessage = {
  readonly at: number;
  readonly from: 'customer' | 'agent';
  /** Display name of the agent; null for the customer. */
  readonly author: string | null;
  readonly text: string;
};
