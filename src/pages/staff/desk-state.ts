import type { ChatMessage } from '../../domain/desk.ts';
import type {
  DeskFrames,
  EscalationDetail,
  EscalationView,
  StatusView,
  TicketView,
} from '../../domain/views.ts';

/** What the desk knows, kept up by the live stream. Null: not loaded yet. */
export type DeskState = {
  readonly escalations: readonly EscalationView[] | null;
  readonly tickets: readonly TicketView[] | null;
  readonly status: StatusView | null;
  /** The conversation that is open on the screen. */
  readonly detail: EscalationDetail | null;
  readonly isLive: boolean;
};

/** What can happen to the desk: a frame of the stream, or an answer that was asked for. */
export type DeskAction =
  | {
      readonly [K in keyof DeskFrames]: { readonly type: K; readonly value: DeskFrames[K] };
    }[keyof DeskFrames]
  | { readonly type: 'tickets'; readonly value: readonly TicketView[] }
  | { readonly type: 'detail'; readonly value: EscalationDetail | null }
  | { readonly type: 'live'; readonly value: boolean };

/** The desk before anything arrived. */
export const NEW_DESK: DeskState = {
  escalations: null,
  tickets: null,
  status: null,
  detail: null,
  isLive: true,
};

function replaceRow<T>(rows: readonly T[] | null, row: T, isSame: (known: T) => boolean): T[] {
  const known = rows ?? [];
  return known.some(isSame) ? known.map((one) => (isSame(one) ? row : one)) : [row, ...known];
}

function withEscalation(state: DeskState, escalation: EscalationView): DeskState {
  const { detail } = state;
  return {
    ...state,
    escalations: replaceRow(state.escalations, escalation, (row) => row.id === escalation.id),
    detail: detail?.escalation.id === escalation.id ? { ...detail, escalation } : detail,
  };
}

function withTicket(state: DeskState, ticket: TicketView): DeskState {
  const isSame = (row: TicketView): boolean => row.number === ticket.number;
  const { detail } = state;
  const isRelated = detail?.escalation.sessionId === ticket.sessionId;
  return {
    ...state,
    tickets: replaceRow(state.tickets, ticket, isSame),
    detail:
      detail && isRelated
        ? { ...detail, tickets: replaceRow(detail.tickets, ticket, isSame) }
        : detail,
  };
}

const isSameMessage = (a: ChatMessage, b: ChatMessage): boolean =>
  a.at === b.at && a.from === b.from && a.text === b.text;

function withMessage(
  state: DeskState,
  { escalationId, message }: DeskFrames['message'],
): DeskState {
  const { detail } = state;
  if (detail?.escalation.id !== escalationId) return state;
  if (detail.messages.some((known) => isSameMessage(known, message))) return state;
  return { ...state, detail: { ...detail, messages: [...detail.messages, message] } };
}

function withTurn(state: DeskState, { escalationId, turn }: DeskFrames['turn']): DeskState {
  const { detail } = state;
  if (detail?.escalation.id !== escalationId) return state;
  const others = detail.turns.filter((known) => known.number !== turn.number);
  return { ...state, detail: { ...detail, turns: [...others, turn] } };
}

/** Folds what happened into what the desk shows. */
export function reduceDesk(state: DeskState, action: DeskAction): DeskState {
  switch (action.type) {
    case 'escalations':
      return { ...state, escalations: action.value };
    case 'escalation':
      return withEscalation(state, action.value);
    case 'turn':
      return withTurn(state, action.value);
    case 'message':
      return withMessage(state, action.value);
    case 'ticket':
      return withTicket(state, action.value);
    case 'tickets':
      return { ...state, tickets: action.value };
    case 'status':
      return { ...state, status: action.value };
    case 'detail':
      return { ...state, detail: action.value };
    case 'live':
      return { ...state, isLive: action.value };
  }
}
