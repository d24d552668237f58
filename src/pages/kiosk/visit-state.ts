import type { ChatMessage } from '../../domain/desk.ts';
import type { Turn } from '../../domain/session.ts';
import type { OpenedVisit, Problem, VisitEscalation, VisitView } from '../../domain/views.ts';

/** What the customer did: typed a text or tapped an intent. `label` is what they read of it. */
export type Ask = {
  readonly label: string;
  readonly body: { readonly text: string } | { readonly intent: string };
};

/** Something that stands in the conversation, in the order it happened. */
export type Item =
  | {
      readonly kind: 'turn';
      /** Client's key of the turn: a retry with the same key gets the same answer. */
      readonly key: string;
      readonly ask: Ask;
      readonly turn: Turn | null;
      readonly problem: Problem | null;
      readonly helpful: boolean | null;
    }
  | { readonly kind: 'message'; readonly key: string; readonly message: ChatMessage }
  | {
      readonly kind: 'note';
      readonly key: string;
      readonly note: 'joined' | 'left' | 'resolved';
      readonly name: string | null;
    };

/** Everything the page knows of one visit. Lives in memory only and dies with the visit. */
export type VisitState = {
  readonly visit: OpenedVisit | null;
  readonly items: readonly Item[];
  readonly escalation: VisitEscalation | null;
  /** Keys of every chat message that was shown, those before a new start included. */
  readonly heard: readonly string[];
  /** The server cannot be reached. */
  readonly away: boolean;
  /** A refusal that belongs to no turn, such as a person who cannot be called. */
  readonly problem: Problem | null;
};

/** What can happen to a visit. */
export type VisitAction =
  | { readonly type: 'opened'; readonly visit: OpenedVisit }
  | { readonly type: 'lost' }
  | { readonly type: 'asked'; readonly key: string; readonly ask: Ask }
  | { readonly type: 'asking'; readonly key: string }
  | {
      readonly type: 'answered';
      readonly key: string;
      readonly turn: Turn;
      readonly escalation: VisitEscalation | null;
    }
  | { readonly type: 'refused'; readonly key: string; readonly problem: Problem }
  | { readonly type: 'problem'; readonly problem: Problem | null }
  | { readonly type: 'rated'; readonly key: string; readonly helpful: boolean }
  | { readonly type: 'message'; readonly message: ChatMessage }
  | { readonly type: 'escalation'; readonly escalation: VisitEscalation }
  | { readonly type: 'caught_up'; readonly view: VisitView }
  | { readonly type: 'away'; readonly away: boolean }
  | { readonly type: 'restarted' };

/** The visit before anything happened. */
export const NEW_VISIT: VisitState = {
  visit: null,
  items: [],
  escalation: null,
  heard: [],
  away: false,
  problem: null,
};

function patchTurn(
  state: VisitState,
  key: string,
  patch: Partial<Extract<Item, { kind: 'turn' }>>,
): VisitState {
  const items = state.items.map((item) =>
    item.kind === 'turn' && item.key === key ? { ...item, ...patch } : item,
  );
  return { ...state, items };
}

/** Tells which note, if any, a change of the hand-over is worth. */
function noteFor(before: VisitEscalation | null, after: VisitEscalation): Item | null {
  if (before?.status === after.status) return null;
  const key = `note-${after.id}-${after.status}-${crypto.randomUUID()}`;
  if (after.status === 'claimed') return { kind: 'note', key, note: 'joined', name: after.agent };
  if (after.status === 'resolved') return { kind: 'note', key, note: 'resolved', name: null };
  return before?.status === 'claimed' ? { kind: 'note', key, note: 'left', name: null } : null;
}

function withEscalation(state: VisitState, escalation: VisitEscalation | null): VisitState {
  if (escalation === null) return state;
  const note = noteFor(state.escalation, escalation);
  return {
    ...state,
    escalation: escalation.status === 'resolved' ? null : escalation,
    items: note ? [...state.items, note] : state.items,
  };
}

function withMessage(state: VisitState, message: ChatMessage): VisitState {
  // The customer's own words stand there already, as the turn that carried them. A stream that
  // connects again may repeat what it sent.
  const key = `message-${message.at}-${message.text}`;
  if (message.from === 'customer' || state.heard.includes(key)) return state;
  return {
    ...state,
    heard: [...state.heard, key],
    items: [...state.items, { kind: 'message', key, message }],
  };
}

/** Adds what happened while the line was down; a hand-over that is gone by then was resolved. */
function withView(state: VisitState, view: VisitView): VisitState {
  const told = view.messages.reduce(withMessage, state);
  const over: VisitEscalation | null = state.escalation && {
    ...state.escalation,
    status: 'resolved',
  };
  return withEscalation(told, view.escalation ?? over);
}

function asTurn(key: string, ask: Ask): Item {
  return { kind: 'turn', key, ask, turn: null, problem: null, helpful: null };
}

/** Folds what happened into the visit's state. */
export function reduceVisit(state: VisitState, action: VisitAction): VisitState {
  switch (action.type) {
    case 'opened':
      return { ...state, visit: action.visit };
    case 'lost':
      return { ...state, visit: null, escalation: null };
    case 'asked':
      return { ...state, problem: null, items: [...state.items, asTurn(action.key, action.ask)] };
    case 'asking':
      return patchTurn(state, action.key, { problem: null });
    case 'answered':
      return withEscalation(
        patchTurn({ ...state, away: false }, action.key, { turn: action.turn, problem: null }),
        action.escalation,
      );
    case 'refused':
      return patchTurn({ ...state, away: false }, action.key, { problem: action.problem });
    case 'problem':
      return { ...state, problem: action.problem };
    case 'rated':
      return patchTurn(state, action.key, { helpful: action.helpful });
    case 'message':
      return withMessage(state, action.message);
    case 'escalation':
      return withEscalation(state, action.escalation);
    case 'caught_up':
      return withView(state, action.view);
    case 'away':
      return { ...state, away: action.away };
    case 'restarted':
      return { ...NEW_VISIT, visit: state.visit, heard: state.heard };
  }
}
