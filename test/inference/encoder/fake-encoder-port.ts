import type {
  EncoderRequest,
  EncoderResponse,
} from '../../../src/inference/encoder/encoder-messages.ts';
import type { EncoderPort } from '../../../src/inference/encoder/encoder-pool.ts';

type Question = Exclude<EncoderRequest, { type: 'install' | 'end' }>;

const NO_TIME = { tokenise: 0, encode: 0, classify: 0 };

/** An encoder thread that answers when the test says so. Its vectors have one dimension: the length. */
export class FakeEncoderPort implements EncoderPort {
  readonly asked: Question[] = [];
  readonly installed: Uint8Array[] = [];
  isTerminated = false;
  #messageListeners: ((message: EncoderResponse) => void)[] = [];
  #exitListeners: ((why: string) => void)[] = [];

  post(message: EncoderRequest): void {
    if (message.type === 'install') this.installed.push(message.model);
    else if (message.type !== 'end') this.asked.push(message);
  }

  onMessage(listener: (message: EncoderResponse) => void): void {
    this.#messageListeners.push(listener);
  }

  onExit(listener: (why: string) => void): void {
    this.#exitListeners.push(listener);
  }

  async terminate(): Promise<void> {
    this.isTerminated = true;
  }

  say(message: EncoderResponse): void {
    for (const listener of this.#messageListeners) listener(message);
  }

  die(why: string): void {
    for (const listener of this.#exitListeners) listener(why);
  }

  /** Answers a question: by default the oldest. */
  answer({ id, texts, type }: Question = this.asked[0] as Question): void {
    this.asked.splice(
      this.asked.findIndex((question) => question.id === id),
      1,
    );
    if (type === 'embed') {
      const vectors = Float32Array.from(texts, (text) => text.length);
      this.say({ type: 'embedded', id, vectors, ms: NO_TIME });
      return;
    }
    const readings = texts.map((text) => ({
      candidates: [{ intent: text, probability: 1 }],
      nearest: null,
      familiarity: 1,
    }));
    this.say({ type: 'understood', id, readings, ms: NO_TIME });
  }
}
