import { Agent, request } from 'node:https';

/** What a server answered. */
export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly cookie: string | null;
};

/** One server over real TLS, trusted by its authority's certificate and nothing else. */
export class HttpsClient {
  readonly #origin: string;
  readonly #agent: Agent;
  /** Sent with every request: an `Authorization` or a `Cookie`. */
  readonly headers: Record<string, string> = {};

  constructor(origin: string, ca: string) {
    this.#origin = origin;
    this.#agent = new Agent({ ca, keepAlive: true });
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body: unknown = {}): Promise<Answer> {
    return this.call('POST', path, body);
  }

  call(method: string, path: string, body?: unknown): Promise<Answer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.#origin}${path}`,
        {
          method,
          agent: this.#agent,
          headers: {
            ...this.headers,
            ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: parseBody(text),
              cookie: response.headers['set-cookie']?.[0]?.split(';')[0] ?? null,
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(payload);
    });
  }

  /** Follows server-sent events until `signal` aborts. */
  follow(path: string, signal: AbortSignal, onFrame: (name: string, value: unknown) => void): void {
    const options = { agent: this.#agent, headers: this.headers, signal };
    const sent = request(`${this.#origin}${path}`, options, (response) => {
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const frames = (rest + chunk).split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) readFrame(frame, onFrame);
      });
      response.on('error', () => undefined);
    });
    // A stream that breaks shows as frames that do not come.
    sent.on('error', () => undefined);
    sent.end();
  }

  close(): void {
    this.#agent.destroy();
  }
}

function readFrame(frame: string, onFrame: (name: string, value: unknown) => void): void {
  const field = (name: string) =>
    frame
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const name = field('event');
  if (name !== undefined) onFrame(name, JSON.parse(field('data') ?? 'null'));
}

function parseBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
