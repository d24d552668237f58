import { HttpsClient } from '../../src/commands/smoke/https-client.ts';
import type { Engine, Receipt } from '../../src/domain/session.ts';
import type { OpenedVisit, Problem, TurnView } from '../../src/domain/views.ts';

/** What came of one question. */
export type Said =
  | {
      readonly kind: 'answered';
      /** Who understood it: only `local` is what is being measured. */
      readonly engine: Engine;
      readonly isRecorded: boolean;
      readonly isHandedOver: boolean;
      readonly stagesMs: Receipt['stagesMs'];
    }
  /** The error code of the API, or the one of the connection. */
  | { readonly kind: 'refused'; readonly code: string };

/** One customer on a TLS connection of their own that is kept open. */
export class VisitClient {
  readonly #client: HttpsClient;
  #path = '';

  constructor(origin: string, ca: string) {
    this.#client = new HttpsClient(origin, ca);
  }

  /** @throws Error with the API's answer when the visit is refused */
  async open(): Promise<void> {
    const opened = await this.#client.post('/api/v1/sessions');
    if (opened.status !== 200)
      throw new Error(`a visit was refused: ${opened.status} ${JSON.stringify(opened.body)}`);
    const { sessionId, token } = opened.body as OpenedVisit;
    this.#path = `/api/v1/sessions/${sessionId}`;
    this.#client.headers['authorization'] = `Bearer ${token}`;
  }

  /** Asks, and waits for the reply. Never throws: what fails is an outcome. */
  async say(text: string): Promise<Said> {
    try {
      const body = { text, turnKey: crypto.randomUUID() };
      const answer = await this.#client.post(`${this.#path}/turns`, body);
      if (answer.status !== 200)
        return { kind: 'refused', code: (answer.body as Problem)?.code ?? `HTTP ${answer.status}` };
      const { turn, escalation } = answer.body as TurnView;
      const { engine, recorded, stagesMs } = turn.receipt;
      return {
        ...{ kind: 'answered', engine, isRecorded: recorded, stagesMs },
        isHandedOver: escalation !== null && escalation.status !== 'resolved',
      };
    } catch (error) {
      return { kind: 'refused', code: (error as NodeJS.ErrnoException).code ?? String(error) };
    }
  }

  /**
   * Begins anew, as the next customer does: while a person is waited for, nothing is understood.
   * When it fails, the next answer shows it.
   */
  async restart(): Promise<void> {
    await this.#client.post(`${this.#path}/restart`).catch(() => undefined);
  }

  /** Ends the visit and hangs up. */
  async end(): Promise<void> {
    await this.#client.call('DELETE', this.#path).catch(() => undefined);
    this.#client.close();
  }

  /** Hangs up; the visit stays open. */
  close(): void {
    this.#client.close();
  }
}
