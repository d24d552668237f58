import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelError } from '../../src/domain/errors.ts';
import type { Part } from '../../src/domain/part.ts';
import type { Understander } from '../../src/domain/ports.ts';
import { Headquarters, type HeadquartersReport } from '../../src/hq/headquarters.ts';
import { createSigningRequest } from '../../src/platform/issue-certificate.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { enrol } from '../../src/sync/enrol.ts';
import type { Enrolment } from '../../src/sync/enrolment.ts';
import { HttpsTransport } from '../../src/sync/https/https-transport.ts';
import { SILENT } from '../sync/box.ts';
import { ANSWER } from '../sync/fake-hq.ts';

/** An engine that knows one answer, and is busy or never ready when asked to be. */
export const understander: Understander = {
  understand: async (text) => {
    if (text === 'busy') throw new ModelError('MODEL_QUEUE_FULL', { detail: 'the queue is full' });
    if (text === 'slow') await new Promise(() => undefined);
    const { thresholds: _, ...understanding } = ANSWER;
    return understanding;
  },
  thresholds: () => ANSWER.thresholds,
};

const part: Part = {
  name: 'answering',
  vital: false,
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

/** A real headquarters on free ports of the loop-back, in a folder of its own. */
export type HqWorld = {
  readonly dir: string;
  hq: Headquarters;
  report: HeadquartersReport;
  readonly url: string;
};

export function buildHq(dir: string, ports = { port: 0, pagePort: 0 }, clock = systemClock) {
  return new Headquarters({
    dataDir: dir,
    host: '127.0.0.1',
    ...ports,
    names: [],
    pagesDir: join(dir, 'pages'),
    answering: { understander, part },
    clock,
    log: SILENT,
  });
}

export async function openHq(): Promise<HqWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'hq-'));
  await mkdir(join(dir, 'pages', 'hq'), { recursive: true });
  await writeFile(join(dir, 'pages', 'hq', 'index.html'), '<title>fleet</title>');
  const hq = buildHq(dir);
  const report = await hq.start(new AbortController().signal);
  return { dir, hq, report, url: `https://localhost:${report.port}` };
}

export async function closeHq(world: HqWorld): Promise<void> {
  await world.hq.stop();
  await rm(world.dir, { recursive: true, force: true });
}

/** RSA keys take half a second each: one does for all boxes of a test file. */
export const signingRequest = createSigningRequest('any box');

/** Enrols a box, with a new token when none is given. */
export async function enrolBox(
  world: HqWorld,
  appliance: string,
  token?: string,
  previous: Enrolment | null = null,
): Promise<Enrolment> {
  return enrol({
    url: world.url,
    token: token ?? (await world.hq.makeToken(appliance)),
    appliance,
    site: `Site of ${appliance}`,
    previous,
    createSigningRequest: () => signingRequest,
  });
}

export function transportOf(enrolment: Enrolment): HttpsTransport {
  const { url, caPem, certPem, keyPem } = enrolment;
  return new HttpsTransport({ url, caPem, identity: { certPem, keyPem } });
}

/** Sends a request as a browser would, believing only this headquarters' authority. */
export async function browse(
  world: HqWorld,
  path: string,
  options: { method?: string; cookie?: string; body?: string } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  const ca = await readFile(join(world.dir, 'certificates', 'ca.crt'));
  const { method = 'GET', cookie = '', body = '' } = options;
  return new Promise((resolve, reject) => {
    const url = `https://localhost:${world.report.pagePort}${path}`;
    const headers = { cookie, 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { ca, method, headers, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
      );
    });
    outgoing.on('error', reject).end(body);
  });
}
