import type { StaffRole } from './account.ts';
import type { ChatMessage, Escalation, Outcome, Ticket } from './desk.ts';
import type { Health, Incident, Mode, ProbeState } from './health.ts';
import type { Bilingual, Language } from './language.ts';
import type { Form } from './pack.ts';
import type { Turn } from './session.ts';

/** RFC 9457 problem details, as every refused request is answered. */
export type Problem = {
  readonly type: string;
  /** Advice in the reader's language (Accept-Language). */
  readonly title: string;
  readonly status: number;
  readonly code: string;
  /** What failed, exactly; English, no personal data. */
  readonly detail: string;
  readonly instance: string;
  /** Fields that need another look: path → advice in the reader's language. */
  readonly fields?: Readonly<Record<string, string>>;
};

/** `GET /api/v1/kiosk`: what the start screen shows. */
export type KioskView = {
  readonly branch: Bilingual;
  readonly topics: readonly { readonly intent: string; readonly title: Bilingual }[];
  /** The visit ends by itself after this many seconds without a touch. */
  readonly idleSeconds: number;
  readonly consent: Bilingual;
};

/** `POST /api/v1/sessions`. The token goes into `Authorization: Bearer …` of what follows. */
export type OpenedVisit = {
  readonly sessionId: string;
  readonly token: string;
  readonly language: Language;
};

/** How the customer's hand-over stands. */
export type VisitEscalation = {
  readonly id: string;
  readonly status: Escalation['status'];
  /** 1 = next; null once claimed. */
  readonly position: number | null;
  /** An honest estimate from the last waits, whole seconds; null when there is no basis. */
  readonly waitSeconds: number | null;
  readonly agent: string | null;
  /** False: nobody is signed in who could come; the page offers the call-back form first. */
  readonly staffOnline: boolean;
};

/** `GET /api/v1/sessions/{id}`: the visit, for a page that was reloaded. */
export type VisitView = {
  readonly sessionId: string;
  readonly language: Language;
  readonly turns: readonly Turn[];
  readonly messages: readonly ChatMessage[];
  readonly escalation: VisitEscalation | null;
};

/** `POST /api/v1/sessions/{id}/turns`. */
export type TurnView = { readonly turn: Turn; readonly escalation: VisitEscalation | null };

/** `GET /api/v1/forms/{id}`. */
export type FormView = Form;

/** `POST /api/v1/sessions/{id}/forms/{form}`. */
export type SubmittedForm = { readonly number: string; readonly dueAt: number };

/** `GET /api/v1/tickets/{number}`: what whoever holds the number may know. */
export type TicketStatusView = Pick<Ticket, 'number' | 'status' | 'dueAt'>;

/** Frames of `GET /api/v1/sessions/{id}/events` (server-sent events; the name is the event's name). */
export type VisitFrames = {
  readonly message: ChatMessage;
  readonly escalation: VisitEscalation;
  readonly ended: { readonly reason: 'customer' | 'idle' };
};

/** The person who is signed in. */
export type StaffView = {
  readonly name: string;
  readonly displayName: string;
  readonly role: StaffRole;
  readonly mustChangePassword: boolean;
};

/** A row of the queue. */
export type EscalationView = Escalation & {
  readonly skillTitle: Bilingual | null;
  readonly holderName: string | null;
};

/** `GET /api/v1/desk/escalations/{id}`: everything the person needs. */
export type EscalationDetail = {
  readonly escalation: EscalationView;
  readonly turns: readonly Turn[];
  readonly messages: readonly ChatMessage[];
  /** Short texts that answer the top intents of this conversation, ready to send. */
  readonly suggestions: readonly string[];
  readonly tickets: readonly TicketView[];
};

/** A ticket as staff see it: contacts masked. */
export type TicketView = Ticket & { readonly formTitle: Bilingual };

/** `POST /api/v1/desk/tickets/{number}/reveal`. */
export type RevealedTicket = { readonly personal: Readonly<Record<string, string>> };

/** `POST /api/v1/desk/escalations/{id}/resolve`. */
export type ResolveRequest = { readonly outcome: Outcome; readonly note: string };

/** One lane on its way to headquarters. */
export type LaneView = {
  readonly lane: 'urgent' | 'normal' | 'bulk';
  readonly committed: number;
  readonly acknowledged: number;
};

/** `GET /api/v1/status`: how the box is. */
export type StatusView = {
  readonly mode: Mode;
  readonly health: Health;
  readonly version: string;
  readonly startedAt: number;
  readonly probes: readonly ProbeState[];
  readonly incidents: readonly Incident[];
  readonly lanes: readonly LaneView[];
  readonly headquarters: {
    readonly configured: boolean;
    readonly reachable: boolean;
    readonly lastReceiptAt: number | null;
  };
  readonly today: {
    readonly visits: number;
    readonly turns: number;
    readonly answered: number;
    readonly escalated: number;
    readonly turnP50Ms: number | null;
    readonly turnP99Ms: number | null;
  };
};

/** Frames of `GET /api/v1/desk/events`. `escalation` and `ticket` replace the row of the same id. */
export type DeskFrames = {
  readonly escalations: readonly EscalationView[];
  readonly escalation: EscalationView;
  readonly turn: { readonly escalationId: string; readonly turn: Turn };
  readonly message: { readonly escalationId: string; readonly message: ChatMessage };
  readonly ticket: TicketView;
  readonly status: StatusView;
};

/** HQ: one appliance and what it has sent. */
export type FleetRow = {
  readonly appliance: string;
  readonly site: string;
  readonly enrolledAt: number;
  readonly lastSeenAt: number | null;
  readonly epoch: number;
  readonly lanes: readonly {
    readonly lane: 'urgent' | 'normal' | 'bulk';
    readonly watermark: number;
    /** Received again and ignored, counted for ever. */
    readonly duplicates: number;
  }[];
  readonly byType: Readonly<Record<string, number>>;
};

/** HQ: one received event in the list of an appliance. */
export type FleetEvent = {
  readonly id: string;
  readonly type: string;
  readonly lane: 'urgent' | 'normal' | 'bulk';
  readonly laneSequence: number;
  readonly at: number;
  readonly summary: string;
};
