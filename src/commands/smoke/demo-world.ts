import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChildProgram, findFreePort } from './child-program.ts';
import { HttpsClient } from './https-client.ts';

/** The box and headquarters as two real processes on free ports in one temporary folder. */
export type DemoWorld = {
  readonly box: ChildProgram;
  readonly hq: ChildProgram;
  readonly boxPort: number;
  startHq(): Promise<void>;
  startBox(): Promise<void>;
  /** A client of the box that trusts the box's own authority. */
  boxClient(): Promise<HttpsClient>;
  /** A client of headquarters' page. */
  hqClient(): Promise<HttpsClient>;
  stop(): Promise<void>;
};

/** What to run and where. */
export type DemoWorldOptions = {
  /** The installation's folder. */
  readonly root: string;
  /** An empty folder; the world keeps everything in it. */
  readonly folder: string;
  /** `main.ts` or `main.js`, as this process runs. */
  readonly extension: 'ts' | 'js';
  /** Where trained models are kept (default: with the installation). */
  readonly modelCache?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

/** Prepares a world; nothing runs yet. */
export async function createDemoWorld(options: DemoWorldOptions): Promise<DemoWorld> {
  const { root, folder, extension } = options;
  const [boxPort, hqPort, pagePort] = await Promise.all([
    findFreePort(),
    findFreePort(),
    findFreePort(),
  ]);
  // What packs make of the encoder is the same everywhere: training it once is enough.
  const modelCache = options.modelCache ?? join(root, 'data', 'models');
  const code = join(root, extension === 'ts' ? 'src' : 'dist');
  const hqData = join(folder, 'hq');
  const boxData = join(folder, 'box');
  const hq = new ChildProgram(
    join(code, 'hq', `main.${extension}`),
    ['start', '--data', hqData, '--host', '127.0.0.1', '--port', `${hqPort}`]
      .concat(['--page-port', `${pagePort}`, '--pages', join(root, 'dist', 'pages')])
      .concat(['--models', join(root, 'models'), '--cache', modelCache]),
    {},
  );
  const box = new ChildProgram(join(code, `main.${extension}`), ['start'], {
    ZHANGGUI_DATA: boxData,
    ZHANGGUI_MODEL_CACHE: modelCache,
    ZHANGGUI_HOST: '127.0.0.1',
    ZHANGGUI_HTTPS_PORT: `${boxPort}`,
    ZHANGGUI_HTTP_PORT: 'off',
    ZHANGGUI_HQ_URL: `https://localhost:${hqPort}`,
    ZHANGGUI_HQ_TOKEN_FILE: join(hqData, 'first-enrolment-token'),
    ...options.environment,
  });
  const clients: HttpsClient[] = [];
  const client = async (port: number, data: string) => {
    const ca = await readFile(join(data, 'certificates', 'ca.crt'), 'utf8');
    const made = new HttpsClient(`https://localhost:${port}`, ca);
    clients.push(made);
    return made;
  };
  return {
    box,
    hq,
    boxPort,
    startHq: () => hq.start(/^headquarters ready/),
    startBox: () => box.start(/^ready/),
    boxClient: () => client(boxPort, boxData),
    hqClient: () => client(pagePort, hqData),
    stop: async () => {
      for (const one of clients) one.close();
      await Promise.all([box.stop('SIGTERM'), hq.stop('SIGTERM')]);
    },
  };
}
