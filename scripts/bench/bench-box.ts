import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { findFreePort } from '../../src/commands/smoke/child-program.ts';
import type { ProgramCode } from './program-code.ts';
import { VisitClient } from './visit-client.ts';

/** The first start of all trains the intents. */
const START_LIMIT_MS = 5 * 60_000;
const STOP_LIMIT_MS = 20_000;
/** The next look comes after this share of the time so far: exact enough, and no burden on the start. */
const LOOK_AGAIN_SHARE = 0.01;
/** Any engine answers this one, so that looking whether the box is up never fetches a person. */
const PLAIN_QUESTION = '我的银行卡丢了，怎么办？';

/** What to run and where. */
export type BenchBoxOptions = {
  readonly root: string;
  /** A folder of its own; everything the box stores is in it. */
  readonly folder: string;
  readonly code: ProgramCode;
  /** Where V8's CPU profiles go at each stop; null takes none. */
  readonly profileFolder: string | null;
};

/** The real server as a process of its own, without headquarters. */
export class BenchBox {
  readonly origin: string;
  readonly caFile: string;
  /** Configuration that this box runs with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #options: BenchBoxOptions;
  #child: ChildProcess | null = null;
  #said: string[] = [];

  constructor(options: BenchBoxOptions, port: number) {
    const { root, folder } = options;
    const data = join(folder, 'box');
    this.#options = options;
    this.origin = `https://127.0.0.1:${port}`;
    this.caFile = join(data, 'certificates', 'ca.crt');
    this.environment = {
      ZHANGGUI_SITE: siteFile(folder),
      ZHANGGUI_DATA: data,
      // What packs make of the encoder is the same everywhere: nothing is trained while it is timed.
      ZHANGGUI_MODEL_CACHE: join(root, 'data', 'models'),
      ZHANGGUI_HOST: '127.0.0.1',
      ZHANGGUI_HTTPS_PORT: `${port}`,
      ZHANGGUI_HTTP_PORT: 'off',
      ZHANGGUI_TURNS_PER_SECOND: '100000',
      ZHANGGUI_LOG: 'error',
    };
  }

  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  /** What it wrote to stderr since it was last started: its errors. */
  errors(): string {
    return this.#said.join('');
  }

  /**
   * Starts it and asks until the engine on the box answers.
   *
   * @returns milliseconds from spawning to the first answer of any engine, and to the local engine's
   */
  async start(): Promise<{ readonly anyMs: number; readonly localMs: number }> {
    const startTick = performance.now();
    this.#spawn();
    let anyMs: number | null = null;
    for (let client: VisitClient | null = null; ; ) {
      this.#demandAlive(startTick);
      client ??= await this.#tryOpen();
      const said = await client?.say(PLAIN_QUESTION);
      if (said?.kind === 'answered') {
        const ms = performance.now() - startTick;
        anyMs ??= ms;
        if (said.engine === 'local') {
          await client?.end();
          return { anyMs, localMs: ms };
        }
      }
      await sleep((performance.now() - startTick) * LOOK_AGAIN_SHARE);
    }
  }

  /** Whether the engine on the box answers now; after an overload it stays away for a while. */
  async isLocal(): Promise<boolean> {
    const client = new VisitClient(this.origin, await readFile(this.caFile, 'utf8'));
    await client.open();
    const said = await client.say(PLAIN_QUESTION);
    await client.end();
    return said.kind === 'answered' && said.engine === 'local';
  }

  /** Asks it to stop, and waits until it is gone. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await gone;
    clearTimeout(late);
  }

  #spawn(): void {
    const { code, profileFolder } = this.#options;
    const profiling = profileFolder === null ? [] : ['--cpu-prof', '--cpu-prof-dir', profileFolder];
    const child = spawn(process.execPath, [...profiling, ...code.nodeArgs, code.main, 'start'], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...this.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#said = [];
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => this.#said.push(chunk));
    this.#child = child;
  }

  #demandAlive(startTick: number): void {
    const child = this.#child;
    const ended = child === null || child.exitCode !== null || child.signalCode !== null;
    if (!ended && performance.now() - startTick < START_LIMIT_MS) return;
    const what = ended ? 'ended' : `did not answer within ${START_LIMIT_MS} ms`;
    throw new Error(`the server ${what}: ${this.#said.join('')}`);
  }

  /** Null while nobody listens. */
  async #tryOpen(): Promise<VisitClient | null> {
    const ca = await readFile(this.caFile, 'utf8').catch(() => null);
    if (ca === null) return null;
    const client = new VisitClient(this.origin, ca);
    try {
      await client.open();
      return client;
    } catch {
      client.close();
      return null;
    }
  }
}

const siteFile = (folder: string): string => join(folder, 'site.yaml');

/**
 * Prepares a box: the demo branch, but its visits neither go idle nor are opened slowly. All else,
 * the budget of a turn among it, is as shipped.
 */
export async function createBenchBox(options: BenchBoxOptions): Promise<BenchBox> {
  const { root, folder } = options;
  await mkdir(folder, { recursive: true });
  const demo = join(root, 'firmware-config', 'sites', 'demo.yaml');
  const site: unknown = parse(await readFile(demo, 'utf8'));
  const visits = { idleSeconds: 900, limit: 10_000, opensPerSecond: 1_000 };
  await writeFile(siteFile(folder), stringify({ ...(site as object), visits }));
  return new BenchBox(options, await findFreePort());
}
