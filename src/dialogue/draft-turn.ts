import type { EscalationReason } from '../domain/desk.ts';
import type { NewEvent } from '../domain/events.ts';
import type { Language } from '../domain/language.ts';
import type { Intent } from '../domain/pack.ts';
import type { Candidate, HandOver, Masker } from '../domain/ports.ts';
import type { Receipt, Reply } from '../domain/session.ts';
import { answerReply, chooseReply, personChoice, plainReply } from './compose-reply.ts';
import { decide } from './decide.ts';
import { detectLanguage, replyLanguage } from './detect-language.ts';
import type { Knowledge } from './knowledge.ts';
import { normaliseText, tidyText } from './normalise-text.ts';
import { PHRASES } from './phrases.ts';
import { type Engines, type ReadTurn, understandTurn } from './understand-turn.ts';
import type { Visit } from './visits-projection.ts';

/** What drafting a reply needs. */
export type DraftingOptions = {
  readonly knowledge: Knowledge;
  readonly engines: Engines;
  readonly masker: Masker;
  readonly handOver: HandOver;
};

/** A reply that is decided but not yet durable. */
export type Draft = {
  readonly text: string;
  readonly language: Language;
  readonly reply: Reply;
  readonly read: ReadTurn | null;
  readonly events: readonly NewEvent[];
  readonly stagesMs: Receipt['stagesMs'];
};

/** Understands a turn and drafts its reply; commits nothing. */
export class Drafting {
  readonly #options: DraftingOptions;

  constructor(options: DraftingOptions) {
    this.#options = options;
  }

  /**
   * Reads what a customer wrote and decides on the reply.
   *
   * @throws InputError TURN_TEXT_EMPTY, TURN_TEXT_TOO_LONG
   */
  async read(visit: Visit, raw: string): Promise<Draft> {
    const { engines, masker, handOver } = this.#options;
    const startTick = engines.clock.tick();
    const text = normaliseText(raw);
    const detected = detectLanguage(text);
    const language = replyLanguage(detected, visit.language, text);
    const masked = masker.mask(tidyText(raw), language);
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

  /** Replies to a tapped button: nobody had to understand anything. */
  tapped(visit: Visit, id: string): Draft {
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
    const opened = this.handOver(visit, reason, intent, language, summary);
    const phrase = reason === 'customer_asked' ? 'handoffAsked' : 'handoff';
    return {
      reply: plainReply('handoff', opened ? phrase : 'alreadyWaiting', language),
      events: opened ? [opened] : [],
    };
  }

  /** The event that fetches a person for a visit; null when one is already coming. */
  handOver(
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
