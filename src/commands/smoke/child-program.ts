import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** The very first start trains the intents, which takes minutes on a small machine. */
const START_LIMIT_MS = 300_000;

/** One of our own programs as a process of its own, started the way this one was. */
export class ChildProgram {
  readonly #file: string;
  readonly #args: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  /** What it has printed since it was last started. */
  readonly lines: string[] = [];

  constructor(
    file: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) {
    this.#file = file;
    this.#args = args;
    this.#environment = environment;
  }

  /** Starts it and waits for a line. @throws Error with everything it said when it ends before. */
  async start(readyLine: RegExp): Promise<void> {
    this.lines.length = 0;
    const child = spawn(process.execPath, [...process.execArgv, this.#file, ...this.#args], {
      env: { ...PASSED_ON, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => said.push(chunk));
    const ready = new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`no ${readyLine} in ${START_LIMIT_MS} ms`)),
        START_LIMIT_MS,
      );
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.lines.push(line);
        if (!readyLine.test(line)) return;
        clearTimeout(late);
        resolve();
      });
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        reject(
          new Error(
            `${this.#file} ended with ${code ?? signal}:\n${this.lines.join('\n')}\n${said.join('')}`,
          ),
        );
      });
    });
    await ready;
  }

  /** The first group of the first printed line that matches. */
  printed(pattern: RegExp): string | null {
    for (const line of this.lines) {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) return found;
    }
    return null;
  }

  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  /** Ends it and waits until it is gone. Nothing happens when it is not running. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}

/** Finds a port that nobody listens on just now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port could be had');
  return address.port;
}

/** The child finds its tools, but no setting of this process leaks into it. */
const PASSED_ON: Readonly<Record<string, string>> = { PATH: '/usr/local/bin:/usr/bin:/bin' };
