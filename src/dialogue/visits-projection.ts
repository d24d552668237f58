import { z } from 'zod';
import type { EventData } from '../domain/events.ts';
import type { Language } from '../domain/language.ts';
import type { Projection } from '../domain/ports.ts';
import type { Channel, Turn } from '../domain/session.ts';

/** One visit as the ledger tells it. */
export type Visit = {
  readonly id: string;
  readonly channel: Channel;
  readonly tokenHash: string;
  readonly openedAt: number;
  language: Language;
  lastActiveAt: number;
  endedAt: number | null;
  /** Number of the last turn; turns themselves are kept for the page and for staff. */
  turnCount: number;
  turns: Turn[];
  /** Unanswered questions in a row. */
  misses: number;
  /** The conversation of the present customer begins after this turn. */
  restartedAfter: number;
  /** Keys of the last turns, so that a repeated request gets the same answer. */
  turnKeys: Record<string, number>;
};

/** Every visit that is open or ended within the last day. */
export type Visits = { byId: Record<string, Visit> };

/** Turns of one visit that stay at hand; older ones are in the ledger. */
const KEPT_TURNS = 20;
const DAY_MS = 24 * 60 * 60 * 1000;

const Stored = z.object({
  byId: z.record(
    z.string(),
    z.object({
      id: z.string(),
      channel: z.enum(['kiosk', 'web', 'app']),
      tokenHash: z.string(),
      openedAt: z.number(),
      language: z.enum(['zh', 'en']),
      lastActiveAt: z.number(),
      endedAt: z.number().nullable(),
      turnCount: z.number(),
      turns: z.array(z.custom<Turn>((turn) => typeof turn === 'object' && turn !== null)),
      misses: z.number(),
      restartedAfter: z.number(),
      turnKeys: z.record(z.string(), z.number()),
    }),
  ),
});

/** Folds visits and their turns. */
export const visitsProjection: Projection<Visits> = {
  name: 'visits',
  version: 1,
  initial: () => ({ byId: {} }),
  parse: (stored) => Stored.parse(stored),
  apply(state, event) {
    const visit = event.subject === null ? undefined : state.byId[event.subject];
    switch (event.type) {
      case 'session.opened':
        forgetOld(state, event.at);
        state.byId[event.data.sessionId] ??= beginVisit(event.data, event.at);
        return;
      case 'session.ended':
        if (visit) visit.endedAt = event.at;
        return;
      case 'session.restarted':
        if (visit) restart(visit, event.at);
        return;
      case 'turn.recorded':
        if (visit) addTurn(visit, event.data.turn, event.data.turnKey);
        return;
      case 'message.sent':
      case 'ticket.opened':
        if (visit) visit.lastActiveAt = event.at;
        return;
      default:
        return;
    }
  },
};

/** Makes a visit in which nobody has said anything yet. */
export function beginVisit(data: EventData['session.opened'], at: number): Visit {
  const { sessionId, channel, language, tokenHash } = data;
  return {
    id: sessionId,
    channel,
    tokenHash,
    language,
    openedAt: at,
    lastActiveAt: at,
    endedAt: null,
    turnCount: 0,
    turns: [],
    misses: 0,
    restartedAfter: 0,
    turnKeys: {},
  };
}

function restart(visit: Visit, at: number): void {
  visit.misses = 0;
  visit.restartedAfter = visit.turnCount;
  visit.lastActiveAt = at;
}

function addTurn(visit: Visit, turn: Turn, turnKey: string | null): void {
  visit.turns.push(turn);
  if (visit.turns.length > KEPT_TURNS) visit.turns.shift();
  visit.turnCount = turn.number;
  visit.language = turn.reply.language;
  visit.lastActiveAt = turn.at;
  const missed = turn.reply.route === 'choose' || turn.reply.route === 'rephrase';
  visit.misses = missed ? visit.misses + 1 : 0;
  const oldest = visit.turns[0]?.number ?? 0;
  for (const [key, number] of Object.entries(visit.turnKeys))
    if (number < oldest) delete visit.turnKeys[key];
  if (turnKey !== null) visit.turnKeys[turnKey] = turn.number;
}

function forgetOld(state: Visits, now: number): void {
  for (const visit of Object.values(state.byId))
    if (visit.endedAt !== null && visit.endedAt < now - DAY_MS) delete state.byId[visit.id];
}
