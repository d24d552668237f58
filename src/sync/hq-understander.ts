import type { Language } from '../domain/language.ts';
import type { CloudUnderstander } from '../domain/ports.ts';
import type { CloudAnswer, HqTransport } from './hq-transport.ts';

/** Asks headquarters' engine what a customer wants. */
export class HqUnderstander implements CloudUnderstander {
  readonly #transport: HqTransport;

  constructor(transport: HqTransport) {
    this.#transport = transport;
  }

  understand(text: string, language: Language, deadlineMs: number): Promise<CloudAnswer> {
    return this.#transport.understand(text, language, deadlineMs);
  }
}
