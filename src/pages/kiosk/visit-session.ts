import type { Language } from '../../domain/language.ts';
import type { OpenedVisit, Problem } from '../../domain/views.ts';
import type { Answer } from '../kit/api-client.ts';
import {
  callPerson,
  endVisit,
  fetchVisit,
  openVisit,
  restartVisit,
  sendFeedback,
  sendTurn,
} from './visit-api.ts';
import type { Ask, VisitAction } from './visit-state.ts';

const GONE: ReadonlySet<string> = new Set(['SESSION_UNKNOWN', 'SESSION_ENDED']);

/**
 * Speaks with the server for one visit.
 *
 * A visit is opened by the first thing that needs one. A step that finds the server away is kept
 * and run again by `reconnect`; turns carry a key, so that running twice answers once.
 */
export class VisitSession {
  readonly #dispatch: (action: VisitAction) => void;
  #language: Language;
  #visit: OpenedVisit | null = null;
  #opening: Promise<Answer<OpenedVisit>> | null = null;
  #pending: (() => Promise<void>) | null = null;

  constructor(language: Language, dispatch: (action: VisitAction) => void) {
    this.#language = language;
    this.#dispatch = dispatch;
  }

  /** Changes the language of advice; the visit itself keeps the one it was opened in. */
  speak(language: Language): void {
    this.#language = language;
  }

  /** Sends a question. */
  ask(ask: Ask): void {
    const key = crypto.randomUUID();
    this.#dispatch({ type: 'asked', key, ask });
    this.#send(key, ask);
  }

  /** Sends a refused question again. */
  retry(key: string, ask: Ask): void {
    this.#dispatch({ type: 'asking', key });
    this.#send(key, ask);
  }

  /** Calls a person. */
  person(): void {
    this.#dispatch({ type: 'problem', problem: null });
    void this.#attempt(
      (visit) => callPerson(visit, this.#language),
      (escalation) => this.#dispatch({ type: 'escalation', escalation }),
      (problem) => this.#dispatch({ type: 'problem', problem }),
    );
  }

  /** Says whether a reply helped. */
  rate(key: string, turn: number, helpful: boolean): void {
    this.#dispatch({ type: 'rated', key, helpful });
    if (this.#visit) void sendFeedback(this.#visit, this.#language, turn, helpful);
  }

  /** Begins the conversation anew. */
  restart(): void {
    this.#pending = null;
    this.#dispatch({ type: 'restarted' });
    if (this.#visit) void restartVisit(this.#visit, this.#language);
  }

  /** Tells the server to forget the visit; the page wipes itself whatever comes of it. */
  end(): void {
    this.#pending = null;
    if (this.#visit) void endVisit(this.#visit, this.#language);
    this.#visit = null;
  }

  /** Lets the server know that the customer is still at the screen. */
  stay(): void {
    if (this.#visit) void fetchVisit(this.#visit, this.#language);
  }

  /** Runs again what waits for the server. */
  reconnect(): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending) void pending();
  }

  /** Runs a step of the caller's own with an open visit. */
  async run<T>(
    step: (visit: OpenedVisit, language: Language) => Promise<Answer<T>>,
  ): Promise<Answer<T>> {
    if (this.#visit) return step(this.#visit, this.#language);
    this.#opening ??= openVisit(this.#language).finally(() => {
      this.#opening = null;
    });
    const opened = await this.#opening;
    if (opened.kind !== 'done') return opened;
    this.#visit = opened.value;
    this.#dispatch({ type: 'opened', visit: opened.value });
    return step(opened.value, this.#language);
  }

  #send(key: string, ask: Ask): void {
    void this.#attempt(
      (visit) => sendTurn(visit, this.#language, key, ask),
      (answer) => this.#dispatch({ type: 'answered', key, ...answer }),
      (problem) => this.#dispatch({ type: 'refused', key, problem }),
    );
  }

  async #attempt<T>(
    step: (visit: OpenedVisit) => Promise<Answer<T>>,
    onDone: (value: T) => void,
    onRefused: (problem: Problem) => void,
  ): Promise<void> {
    const answer = await this.run(step);
    if (answer.kind === 'away') this.#pending = () => this.#attempt(step, onDone, onRefused);
    this.#dispatch({ type: 'away', away: answer.kind === 'away' });
    if (answer.kind === 'done') onDone(answer.value);
    if (answer.kind === 'refused') {
      // A visit that the server no longer knows is opened anew by the next try.
      if (GONE.has(answer.problem.code)) this.#forget();
      onRefused(answer.problem);
    }
  }

  #forget(): void {
    this.#visit = null;
    this.#dispatch({ type: 'lost' });
  }
}
