import { StorageError } from '../domain/errors.ts';
import { ownValue } from '../domain/own-value.ts';
import type { Receipt, Turn } from '../domain/session.ts';
import { plainReply } from './compose-reply.ts';
import { type Draft, Drafting, type DraftingOptions } from './draft-turn.ts';
import type { Visits } from './visits.ts';
import type { Visit } from './visits-projection.ts';

/** What a customer does: writes something, or taps a button. */
export type TurnInput =
  | { readonly text: string; readonly turnKey: string | null }
  | { readonly intent: string; readonly turnKey: string | null };

/** What a conversation needs. */
export type ConversationOptions = DraftingOptions & {
  readonly visits: Visits;
  /** Hears of every turn once its reply is on its way. */
  readonly observe: (receipt: Receipt) => void;
};

/** Text in, reply out: the life of one turn. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #drafting: Drafting;
  /** The last turn of each visit: turns of one visit never overlap. */
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#drafting = new Drafting(options);
  }

  /**
   * Takes one turn of a visit. The same `turnKey` again gets the same turn again.
   *
   * @throws InputError TURN_TEXT_EMPTY, TURN_TEXT_TOO_LONG, SESSION_UNKNOWN, SESSION_ENDED
   */
  async takeTurn(sessionId: string, input: TurnInput): Promise<Turn> {
    const before = this.#running.get(sessionId) ?? Promise.resolve();
    const turn = before.then(() => this.#takeNext(sessionId, input));
    const settled = turn.catch(() => undefined);
    this.#running.set(sessionId, settled);
    try {
      return await turn;
    } finally {
      if (this.#running.get(sessionId) === settled) this.#running.delete(sessionId);
    }
  }

  /** Fetches a person because the customer asked for one. */
  async askForPerson(sessionId: string): Promise<void> {
    const visit = this.#options.visits.require(sessionId);
    const opened = this.#drafting.handOver(visit, 'customer_asked', null, visit.language);
    if (opened) await this.#options.visits.record(visit.id, [opened]);
  }

  async #takeNext(sessionId: string, input: TurnInput): Promise<Turn> {
    const { visits, engines } = this.#options;
    const startTick = engines.clock.tick();
    const visit = visits.require(sessionId);
    const known = input.turnKey === null ? undefined : ownValue(visit.turnKeys, input.turnKey);
    const repeated = visit.turns.find((turn) => turn.number === known);
    if (repeated) return repeated;
    const draft =
      'text' in input
        ? await this.#drafting.read(visit, input.text)
        : this.#drafting.tapped(visit, input.intent);
    const turn = await this.#commit(visit, draft, input.turnKey, startTick);
    this.#options.observe(turn.receipt);
    return turn;
  }

  async #commit(
    visit: Visit,
    draft: Draft,
    turnKey: string | null,
    startTick: number,
  ): Promise<Turn> {
    const { visits, engines } = this.#options;
    const commitTick = engines.clock.tick();
    const turn = this.#turnOf(visit, draft, startTick);
    try {
      await visits.record(visit.id, [
        { type: 'turn.recorded', subject: visit.id, data: { sessionId: visit.id, turn, turnKey } },
        ...draft.events,
      ]);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      // The answer still goes out, but nothing is promised that could not be written down.
      const promised = draft.events.length > 0;
      const reply = promised ? plainReply('fallback', 'counter', draft.language) : draft.reply;
      return { ...turn, reply, receipt: { ...turn.receipt, route: reply.route, recorded: false } };
    }
    const now = engines.clock.tick();
    const stagesMs = { ...turn.receipt.stagesMs, commit: now - commitTick, total: now - startTick };
    return { ...turn, receipt: { ...turn.receipt, stagesMs } };
  }

  #turnOf(visit: Visit, draft: Draft, startTick: number): Turn {
    const { engines } = this.#options;
    const [best, second] = draft.read?.understanding.candidates ?? [];
    const confidence = best?.probability ?? 0;
    return {
      number: visit.turnCount + 1,
      at: engines.clock.now(),
      text: draft.text,
      language: draft.language,
      reply: draft.reply,
      receipt: {
        route: draft.reply.route,
        engine: draft.read?.engine ?? (draft.reply.route === 'relay' ? 'person' : 'keyword'),
        intent: best?.intent ?? null,
        confidence,
        margin: confidence - (second?.probability ?? 0),
        nearest: draft.read?.understanding.nearest ?? null,
        stagesMs: { ...draft.stagesMs, total: engines.clock.tick() - startTick },
        mode: engines.modes.mode(),
        health: engines.modes.health(),
        recorded: true,
      },
    };
  }
}
