import type { EscalationReason } from '../domain/desk.ts';
import { StorageError } from '../domain/errors.ts';
import type { NewEvent } from '../domain/events.ts';
import type { Language } from '../domain/language.ts';
import type { Intent } from '../domain/pack.ts';
import type { Candidate, HandOver, Ledger, Masker } from '../domain/ports.ts';
import type { Receipt, Reply, Turn } from '../domain/session.ts';
import { answerReply, chooseReply, personChoice, plainReply } from './compose-reply.ts';
import { decide } from './decide.ts';
import { detectLanguage, replyLanguage } from './detect-language.ts';
import type { Knowledge } from './knowledge.ts';
import { normaliseText } from './normalise-text.ts';
import { PHRASES } from './phrases.ts';
import { type Engines, type ReadTurn, understandTurn } from './understand-turn.ts';
import type { Visits } from './visits.ts';
import type { Visit } from './visits-projection.ts';

/** What a customer does: writes something, or taps a button. */
export type TurnInput =
  | { readonly text: string; readonly turnKey: string | null }
  | { readonly intent: string; readonly turnKey: string | null };

/** What a conversation needs. */
export type ConversationOptions = {
  readonly ledger: Ledger;
  readonly visits: Visits;
  readonly knowledge: Knowledge;
  readonly engines: Engines;
  readonly masker: Masker;
  readonly handOver: HandOver;
  /** Hears of every turn once its reply is on its way. */
  readonly observe: (receipt: Receipt) => void;
};

/** A reply that is decided but not yet durable. */
type Draft = {
  readonly text: string;
  readonly language: Language;
  readonly reply: Reply;
  readonly read: ReadTurn | null;
  readonly events: readonly NewEvent[];
  readonly stagesMs: Receipt['stagesMs'];
};

/** Text in, reply out: the life of one turn. */
export class Conversation {
  readonly #options: ConversationOptions;
  /** The last turn of each visit: turns of one visit never overlap. */
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(options: ConversationOptions) {
    this.#options = options;
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
    const opened = this.#handOver(visit, 'customer_asked', null, visit.language);
    if (opened) await this.#options.ledger.commit([opened]);
  }

  async #takeNext(sessionId: string, input: TurnInput): Promise<Turn> {
    const { visits, engines } = this.#options;
    const startTick = engines.clock.tick();
    const visit = visits.require(sessionId);
    const known = input.turnKey === null ? undefined : visit.turnKeys[input.turnKey];
    const repeated = visit.turns.find((turn) => turn.number === known);
    if (repeated) return repeated;
    const draft =
      'text' in input ? await this.#read(visit, input.text) : this.#tapped(visit, input.intent);
    const turn = await this.#commit(visit, draft, input.turnKey, startTick);
    this.#options.observe(turn.receipt);
    return turn;
  }

  async #read(visit: Visit, raw: string): Promise<Draft> {
    const { engines, masker, handOver } = this.#options;
    const startTick = engines.clock.tick();
    const text = normaliseText(raw);
    const detected = detectLanguage(text);
    const language = replyLanguage(detected, visit.language, text);
    const masked = masker.mask(text, language);
    const prepare = engines.clock.tick() - startTick;
    const said = { text: masked, language, stagesMs: { prepare } };
    const relayed = handOver.relay(visit.id, masked);
    if (relayed) {
      const reply = plainReply('relay', 'alreadyWaiting', language);
      return { ...said, reply, read: null, events: [relayed] };
    }
    if (detected === 'other') {
      const reply = plainReply('rephrase', 'otherLanguage', language, [personChoice(language)]);
      return { ...said, reply, read: null, events: [] };
    }
    const read = await understandTurn(engines, text, masked, language);
    const decideTick = engines.clock.tick();
    const { reply, events } = this.#decide(visit, read, language, masked);
    const stagesMs = {
      prepare,
      ...read.understanding.stagesMs,
      decide: engines.clock.tick() - decideTick,
    };
    return { text: masked, language, reply, read, events, stagesMs };
  }

  #tapped(visit: Visit, id: string): Draft {
    const { language } = visit;
    const intent = this.#options.knowledge.intent(id);
    const text = intent?.title[language] ?? id;
    const outcome = intent
      ? this.#answer(visit, intent, language, text)
      : {
          reply: plainReply('rephrase', 'rephrase', language, [personChoice(language)]),
          events: [],
        };
    const read: ReadTurn = {
      engine: 'button',
      understanding: {
        candidates: intent ? [{ intent: id, probability: 1 }] : [],
        nearest: null,
        stagesMs: { queue: 0, tokenise: 0, encode: 0, classify: 0 },
      },
      thresholds: { absolute: 0, margin: 0, choose: 0 },
    };
    return { text, language, read, stagesMs: {}, ...outcome };
  }

  #decide(
    visit: Visit,
    read: ReadTurn,
    language: Language,
    summary: string,
  ): Pick<Draft, 'reply' | 'events'> {
    const { knowledge } = this.#options;
    const decision = decide(read.understanding.candidates, read.thresholds, visit.misses);
    switch (decision.kind) {
      case 'answer': {
        const intent = knowledge.intent(decision.intent);
        return intent
          ? this.#answer(visit, intent, language, summary)
          : this.#person(visit, 'not_understood', null, language, summary);
      }
      case 'choose':
        return { reply: chooseReply(knowledge, decision.intents, language), events: [] };
      case 'rephrase': {
        const reply = plainReply('rephrase', 'rephrase', language, [personChoice(language)]);
        return { reply, events: [] };
      }
      case 'handoff': {
        const reason = read.engine === 'keyword' ? 'engines_away' : 'not_understood';
        const likely = likelyIntent(knowledge, read.understanding.candidates);
        return this.#person(visit, reason, likely, language, summary);
      }
    }
  }

  #answer(
    visit: Visit,
    intent: Intent,
    language: Language,
    summary: string,
  ): Pick<Draft, 'reply' | 'events'> {
    switch (intent.behaviour) {
      case 'person':
        return this.#person(visit, 'customer_asked', null, language, summary);
      case 'repeat': {
        const last = visit.turns.at(-1);
        const fits = last && last.number > visit.restartedAfter;
        return {
          reply: fits ? last.reply : plainReply('social', 'nothingToRepeat', language),
          events: [],
        };
      }
      case 'restart': {
        const restarted: NewEvent = {
          type: 'session.restarted',
          subject: visit.id,
          data: { sessionId: visit.id },
        };
        return { reply: plainReply('social', 'restarted', language), events: [restarted] };
      }
      case 'social':
      case 'answer': {
        const reply = answerReply(this.#options.knowledge, intent, language);
        return reply
          ? { reply, events: [] }
          : this.#person(visit, 'answer_incomplete', intent, language, summary);
      }
    }
  }

  #person(
    visit: Visit,
    reason: EscalationReason,
    intent: Intent | null,
    language: Language,
    summary: string,
  ): Pick<Draft, 'reply' | 'events'> {
    const opened = this.#handOver(visit, reason, intent, language, summary);
    const phrase = reason === 'customer_asked' ? 'handoffAsked' : 'handoff';
    return {
      reply: plainReply('handoff', opened ? phrase : 'alreadyWaiting', language),
      events: opened ? [opened] : [],
    };
  }

  #handOver(
    visit: Visit,
    reason: EscalationReason,
    intent: Intent | null,
    language: Language,
    summary: string | null = null,
  ): NewEvent | null {
    const about = intent ?? lastIntent(this.#options.knowledge, visit);
    return this.#options.handOver.request({
      sessionId: visit.id,
      reason,
      language,
      skill: about?.skill ?? null,
      priority: about?.urgency ?? 'normal',
      summary: summary ?? visit.turns.at(-1)?.text ?? PHRASES.person[language],
    });
  }

  async #commit(
    visit: Visit,
    draft: Draft,
    turnKey: string | null,
    startTick: number,
  ): Promise<Turn> {
    const { ledger, engines } = this.#options;
    const commitTick = engines.clock.tick();
    const turn = this.#turnOf(visit, draft, startTick);
    try {
      await ledger.commit([
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

function likelyIntent(knowledge: Knowledge, candidates: readonly Candidate[]): Intent | null {
  const best = candidates[0];
  return best ? knowledge.intent(best.intent) : null;
}

/** What the customer last got an answer about: a person who is called now is called for that. */
function lastIntent(knowledge: Knowledge, visit: Visit): Intent | null {
  const about = visit.turns
    .filter((turn) => turn.number > visit.restartedAfter && turn.reply.route === 'answer')
    .at(-1)?.receipt.intent;
  return about ? knowledge.intent(about) : null;
}
