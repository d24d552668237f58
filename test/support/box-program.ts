import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bodyOf, until } from '../../src/commands/smoke/expect.ts';
import { HttpsClient } from '../../src/commands/smoke/https-client.ts';
import type { Turn } from '../../src/domain/session.ts';
import type { OpenedVisit, TurnView } from '../../src/domain/views.ts';

const START_LIMIT_MS = 60_000;
const START_AT_ROOT = fileURLToPath(import.meta.resolve('./start-at-root.ts'));

/** Settings of a box of its own: a free port, this machine only, no headquarters. */
export type BoxSettings = {
  /** Its data folder. */
  readonly data: string;
  /** An installation other than this one. */
  readonly root?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

/** A real box as a process of its own. */
export class BoxProgram {
  readonly #settings: BoxSettings;
  #child: ChildProcess | null = null;
  /** What it has printed, and its log. */
  out = '';
  log = '';

  constructor(settings: BoxSettings) {
    this.#settings = settings;
  }

  /** Starts it and waits until it serves; `ready` also until its engine answers, or has failed. */
  async start(line: RegExp = /^ready/m): Promise<void> {
    const { data, root, environment } = this.#settings;
    const program = root === undefined ? ['src/main.ts', 'start'] : [START_AT_ROOT, root];
    this.out = '';
    this.log = '';
    const child = spawn(process.execPath, ['--import', 'tsx', ...program], {
      env: {
        PATH: process.env['PATH'] ?? '',
        ZHANGGUI_DATA: data,
        ZHANGGUI_HOST: '127.0.0.1',
        ZHANGGUI_HTTPS_PORT: '0',
        ZHANGGUI_HTTP_PORT: 'off',
        ZHANGGUI_TURNS_PER_SECOND: '10000',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.log += chunk;
    });
    await until(
      START_LIMIT_MS,
      () => {
        if (child.exitCode !== null)
          throw new Error(`the box ended with ${child.exitCode}:\n${this.out}${this.log}`);
        return line.test(this.out) ? true : null;
      },
      `the box prints ${line}`,
    );
  }

  /** The port that it has taken. */
  get port(): number {
    return Number(/^kiosk: https:\/\/localhost:(\d+)\//m.exec(this.out)?.[1]);
  }

  /** A client that trusts this box and nothing else. */
  async client(): Promise<HttpsClient> {
    const ca = await readFile(join(this.#settings.data, 'certificates', 'ca.crt'), 'utf8');
    return new HttpsClient(`https://localhost:${this.port}`, ca);
  }

  /** Asks it to end, or kills it; resolves to its exit code. Nothing happens when it does not run. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return null;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    }
    return child.exitCode;
  }
}

/** An open visit of a real box. */
export class BoxVisit {
  readonly #client: HttpsClient;
  readonly #path: string;

  private constructor(client: HttpsClient, path: string) {
    this.#client = client;
    this.#path = path;
  }

  static async open(client: HttpsClient): Promise<BoxVisit> {
    const opened = bodyOf<OpenedVisit>(await client.post('/api/v1/sessions'));
    client.headers['authorization'] = `Bearer ${opened.token}`;
    return new BoxVisit(client, `/api/v1/sessions/${opened.sessionId}`);
  }

  async say(text: string): Promise<Turn> {
    return bodyOf<TurnView>(await this.#client.post(`${this.#path}/turns`, { text })).turn;
  }
}

/** A folder for one test file; `remove` it afterwards. */
export async function scratchFolder(
  name: string,
): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `zhanggui-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Lays out an installation that shares everything with this one but its encoder. */
export async function installationWithout(
  encoder: 'missing' | 'copied',
  at: string,
): Promise<string> {
  await mkdir(join(at, 'models'), { recursive: true });
  for (const shared of ['package.json', 'firmware-config', 'dist', join('models', 'packs')])
    await symlink(resolve(shared), join(at, shared));
  if (encoder === 'copied')
    await cp(resolve('models', 'encoder'), join(at, 'models', 'encoder'), { recursive: true });
  return at;
}
