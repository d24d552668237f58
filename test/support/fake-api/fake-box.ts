import type { ChatMessage } from '../../../src/domain/desk.ts';
import type { Turn } from '../../../src/domain/session.ts';
import type {
  EscalationView,
  KioskView,
  Problem,
  StaffView,
  TicketView,
  VisitEscalation,
} from '../../../src/domain/views.ts';
import { FORM, KIOSK } from './samples.ts';

/** One visit of the fake box. */
export type FakeVisit = {
  readonly id: string;
  readonly token: string;
  readonly turns: Turn[];
  readonly messages: ChatMessage[];
  readonly answers: Map<string, unknown>;
  isOver: boolean;
};

type Send = (event: string, value: unknown) => void;

/** Advice of the codes that the tests provoke. */
const ADVICE: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  MODEL_QUEUE_FULL: [
    '现在有点忙，请稍等几秒再问一次。',
    'It is busy just now. Please ask again in a few seconds.',
  ],
  SESSION_UNKNOWN: ['这次服务已经结束，请重新开始。', 'This visit has ended. Please start again.'],
  FORM_INVALID: [
    '有几项还需要改一下，请看标出的地方。',
    'A few fields need another look. Please see the ones marked.',
  ],
  TRUST_SIGN_IN_REFUSED: [
    '账号或密码不对，请再试一次。',
    'The name or the password is not right. Please try again.',
  ],
  TRUST_NOT_SIGNED_IN: ['请先登录。', 'Please sign in first.'],
  DESK_ALREADY_CLAIMED: [
    '同事已经接手了这位客户。',
    'A colleague is already looking after this customer.',
  ],
};

/** The state of the fake box, with knobs that bring its pages into every state. */
export class FakeBox {
  kiosk: KioskView = KIOSK;
  /** Every request of the API is dropped, as by a box that lost its network. */
  isAway = false;
  /** The next turn is dealt with, but its answer gets lost on the way. */
  isNextAnswerLost = false;
  turnDelayMs = 0;
  /** The next turn is refused with this code. */
  refuseNextTurn: string | null = null;
  /** The next submitted form is refused with these fields. */
  refuseNextForm: Readonly<Record<string, string>> | null = null;
  isStaffOnline = true;
  waitSeconds: number | null = 150;
  position = 2;
  me: StaffView | null = null;
  mustChangePassword = false;
  role: StaffView['role'] = 'supervisor';
  heartbeats = 0;
  readonly visits = new Map<string, FakeVisit>();
  readonly escalations: EscalationView[] = [];
  readonly tickets: TicketView[] = [];
  readonly #deskListeners = new Set<Send>();
  readonly #visitListeners = new Map<string, Set<Send>>();
  readonly #openStreams = new Set<() => void>();

  problem(code: string, language: string, fields?: Problem['fields']): Problem {
    const [zh, en] = ADVICE[code] ?? [code, code];
    const title = language.startsWith('zh') ? zh : en;
    const base = { type: 'about:blank', title, status: 400, code, detail: code, instance: '/' };
    return fields ? { ...base, fields } : base;
  }

  listenDesk(send: Send): () => void {
    this.#deskListeners.add(send);
    return () => this.#deskListeners.delete(send);
  }

  listenVisit(id: string, send: Send): () => void {
    const listeners = this.#visitListeners.get(id) ?? new Set();
    this.#visitListeners.set(id, listeners.add(send));
    return () => listeners.delete(send);
  }

  /** Keeps a stream open until its reader leaves or the line drops. */
  untilDropped(onAbort: (listener: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#openStreams.add(resolve);
      onAbort(resolve);
    });
  }

  /** Drops every open stream, as a bad line does. */
  dropStreams(): void {
    for (const drop of this.#openStreams) drop();
    this.#openStreams.clear();
    this.#visitListeners.clear();
    this.#deskListeners.clear();
  }

  tellDesk(event: string, value: unknown): void {
    for (const send of this.#deskListeners) send(event, value);
  }

  tellVisit(id: string, event: string, value: unknown): void {
    for (const send of this.#visitListeners.get(id) ?? []) send(event, value);
  }

  escalationOf(sessionId: string): EscalationView | undefined {
    return this.escalations.find((row) => row.sessionId === sessionId && row.status !== 'resolved');
  }

  visitEscalation(row: EscalationView): VisitEscalation {
    const isWaiting = row.status === 'waiting';
    return {
      id: row.id,
      status: row.status,
      position: isWaiting ? this.position : null,
      waitSeconds: isWaiting ? this.waitSeconds : null,
      agent: row.holderName,
      staffOnline: this.isStaffOnline,
    };
  }

  /** Puts a customer into the queue, as a visit or as a row of its own. */
  escalate(
    sessionId: string,
    row: Partial<EscalationView> & { readonly summary: string },
  ): EscalationView {
    const made: EscalationView = {
      id: `esc-${this.escalations.length + 1}`,
      sessionId,
      reason: 'customer_asked',
      skill: 'front_desk',
      skillTitle: { zh: '大堂', en: 'Front desk' },
      language: 'zh',
      priority: 'normal',
      openedAt: Date.now(),
      status: 'waiting',
      holder: null,
      holderName: null,
      leaseUntil: null,
      resolvedAt: null,
      outcome: null,
      ...row,
    };
    this.escalations.unshift(made);
    this.tellDesk('escalation', made);
    return made;
  }

  changeEscalation(id: string, change: Partial<EscalationView>): EscalationView {
    const at = this.escalations.findIndex((row) => row.id === id);
    const known = this.escalations[at];
    if (!known) throw new Error(`no escalation ${id}`);
    const row = { ...known, ...change };
    this.escalations[at] = row;
    this.tellDesk('escalation', row);
    this.tellVisit(row.sessionId, 'escalation', this.visitEscalation(row));
    return row;
  }

  say(sessionId: string, message: ChatMessage): void {
    this.visits.get(sessionId)?.messages.push(message);
    this.tellVisit(sessionId, 'message', message);
    const row = this.escalationOf(sessionId);
    if (row) this.tellDesk('message', { escalationId: row.id, message });
  }

  openTicket(
    fields: Readonly<Record<string, string>>,
    change: Partial<TicketView> = {},
  ): TicketView {
    const ticket: TicketView = {
      number: `T-20261122-${String(this.tickets.length + 7).padStart(4, '0')}`,
      sessionId: 's0',
      form: FORM.id,
      formTitle: FORM.title,
      title: FORM.title.zh,
      category: FORM.category,
      skill: FORM.skill,
      priority: FORM.priority,
      language: 'zh',
      openedAt: Date.now() - 600_000,
      dueAt: Date.now() + 3_600_000 * 4,
      fields,
      status: 'open',
      assignee: null,
      ...change,
    };
    this.tickets.unshift(ticket);
    this.tellDesk('ticket', ticket);
    return ticket;
  }
}
