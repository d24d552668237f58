import * as assert from 'uvu/assert';
import { Presence } from '../../src/desk/presence.ts';
import { Tickets } from '../../src/desk/tickets.ts';
import type { Role, StaffRole } from '../../src/domain/account.ts';
import type { NewEvent } from '../../src/domain/events.ts';
import type { Log } from '../../src/domain/ports.ts';
import type { OpenedVisit, Problem, StatusView } from '../../src/domain/views.ts';
import { createApi } from '../../src/http/api.ts';
import { StaticPages } from '../../src/http/static-pages.ts';
import { Accounts } from '../../src/trust/accounts.ts';
import { accountsProjection } from '../../src/trust/accounts-projection.ts';
import { PasswordHasher } from '../../src/trust/password-hasher.ts';
import { PERMISSIONS } from '../../src/trust/permissions.ts';
import { maskContact, piiMasker } from '../../src/trust/pii/mask-pii.ts';
import { StaffSessions } from '../../src/trust/staff-sessions.ts';
import { dialogueWorld } from './dialogue-world.ts';
import { anIntent, aPack } from './tiny-pack.ts';

/** What an answer of the API looks like to a test. */
export type ApiAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; null where there is none. */
  readonly body: unknown;
};

/** One request; `address` is where it comes from. */
export type ApiCall = {
  readonly token?: string;
  readonly cookie?: string;
  readonly language?: string;
  readonly address?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly raw?: string | ReadableStream;
};

const STATUS: StatusView = {
  mode: 'local',
  health: 'ok',
  version: '0.0.1',
  startedAt: 0,
  probes: [],
  incidents: [],
  lanes: [],
  headquarters: { configured: false, reachable: false, lastReceiptAt: null },
  today: { visits: 0, turns: 0, answered: 0, escalated: 0, turnP50Ms: null, turnP99Ms: null },
};

/** A pack with an answer and a form. */
export const SMALL_PACK = aPack([anIntent('tiny.lost_card', { form: 'tiny.lost' })]);

/** Nothing that leaves the box may tell of its inside: no stack, no path, no hash, no sealed field. */
const INSIDE = /\.[jt]s:\d|node_modules|\$argon2|passwordHash|tokenHash|"sealed"|^\s+at /m;

/** The real API over the real rooms; only ledger, clock, engines and the socket are not. */
export function apiWorld(
  change: Partial<Parameters<typeof createApi>[0]> & { readonly pages?: StaticPages } = {},
) {
  const world = dialogueWorld(SMALL_PACK);
  const { clock, ledger, knowledge } = world;
  const logged: string[] = [];
  const log = keepLog(logged);
  const presence = new Presence();
  const accounts = new Accounts({
    ...{ ledger, clock, log, hasher: new PasswordHasher() },
    projected: ledger.project(accountsProjection),
  });
  const sessions = new StaffSessions({
    ...{ key: Buffer.alloc(32, 7), clock, find: (name) => accounts.find(name) },
  });
  const tickets = new Tickets({
    ...{ ledger, desk: world.desk, clock, newCode: () => `AB${tickets.list().length}` },
    personal: { readPersonal: ({ personal }) => personal ?? null },
    masking: (language) => ({
      contact: maskContact,
      text: (value) => piiMasker.mask(value, language),
    }),
  });
  let listeners = 0;
  const watchedLedger = {
    commit: (events: readonly NewEvent[]) => ledger.commit(events),
    subscribe: (listener: Parameters<typeof ledger.subscribe>[0]) => {
      listeners += 1;
      const stop = ledger.subscribe(listener);
      return () => {
        listeners -= 1;
        stop();
      };
    },
  };
  const app = createApi({
    ...{ knowledge, tickets, presence, accounts, sessions, clock, log },
    ...{ conversation: world.conversation, visits: world.visits, escalations: world.escalations },
    ledger: watchedLedger,
    permissions: PERMISSIONS,
    masker: piiMasker,
    pages: new StaticPages('no pages'),
    displayName: (name) => accounts.find(name)?.displayName ?? null,
    kiosk: () => ({
      ...{ branch: { zh: '网点', en: 'Branch' }, topics: [], idleSeconds: 90 },
      consent: { zh: '说明', en: 'Notice' },
    }),
    status: () => STATUS,
    live: () => ({ ok: true, reasons: [] }),
    ready: () => ({ ok: true, reasons: [] }),
    connectivity: () => ({ state: 'standalone', silentMs: null }),
    metrics: async () => ({ type: 'text/plain', text: 'up 1\n' }),
    version: '0.0.1',
    turnsPerSecond: 1_000,
    opensPerSecond: 1_000,
    ...change,
  });

  /** Sends a request as a socket would bring it. */
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    call: ApiCall = {},
  ): Promise<Response> => {
    const payload = call.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const headers = headersOf(call, payload !== undefined);
    const init = { method, headers, ...(payload === undefined ? {} : { body: payload }) };
    const stream = payload instanceof ReadableStream ? { duplex: 'half' } : {};
    const socket = {
      remoteAddress: call.address ?? '10.0.0.7',
      remotePort: 1,
      remoteFamily: 'IPv4',
    };
    return app.request(path, { ...init, ...stream } as RequestInit, { incoming: { socket } });
  };

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    options: ApiCall = {},
  ): Promise<ApiAnswer> => {
    const response = await send(method, path, body, options);
    const text = await response.text();
    assert.not.match(text, INSIDE, `${method} ${path} tells of its inside`);
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const { status, headers } = response;
    return { status, headers, text, body: isJson && text !== '' ? JSON.parse(text) : null };
  };

  /** A signed-in person's cookie. */
  const staffCookie = async (role: StaffRole, mustChangePassword = false): Promise<string> => {
    const name = `${role}-${mustChangePassword ? 'new' : 'known'}`;
    if (!accounts.find(name)) {
      const data = {
        ...{ name, displayName: `${role} 王`, role, skills: [], by: 'test', mustChangePassword },
        passwordHash: '$argon2id$none',
      };
      await ledger.commit([{ type: 'account.created', subject: null, data }]);
    }
    const account = accounts.find(name);
    if (!account) throw new Error(`no account ${name}`);
    return `__Host-staff=${sessions.issue(account)}`;
  };

  /** Opens a visit over the API. */
  const openVisit = async (language = 'zh'): Promise<OpenedVisit> =>
    (await call('POST', '/api/v1/sessions', { language })).body as OpenedVisit;

  return {
    ...world,
    ...{ app, send, call, staffCookie, openVisit, presence, accounts, sessions, tickets, logged },
    listeners: () => listeners,
  };
}

/** An open visit of the world above with its path and token. */
export async function visiting(change: Parameters<typeof apiWorld>[0] = {}) {
  const world = apiWorld(change);
  const { sessionId, token } = await world.openVisit();
  const path = `/api/v1/sessions/${sessionId}`;
  const say = (body: unknown, call: ApiCall = {}) =>
    world.call('POST', `${path}/turns`, body, { token, ...call });
  const submit = (form: string, body: unknown) =>
    world.call('POST', `${path}/forms/${form}`, body, { token });
  return { ...world, sessionId, token, path, say, submit };
}

/** The roles of the permission table; `stranger` holds the token of another visit. */
export const CALLERS: readonly (Role | 'stranger')[] = [
  'public',
  'stranger',
  'customer',
  'agent',
  'supervisor',
  'it',
  'local',
];

/** The problem details of a refusal. */
export function problemOf(answer: ApiAnswer): Problem {
  assert.is(answer.headers.get('content-type'), 'application/problem+json', answer.text);
  const problem = answer.body as Problem;
  assert.is(problem.status, answer.status);
  assert.is(problem.type, `urn:zhanggui:error:${problem.code}`);
  for (const word of [problem.title, problem.detail, problem.instance])
    assert.ok(word, answer.text);
  return problem;
}

function headersOf(call: ApiCall, hasBody: boolean): Record<string, string> {
  const headers: Record<string, string> = hasBody ? { 'content-type': 'application/json' } : {};
  if (call.token !== undefined) headers['authorization'] = `Bearer ${call.token}`;
  if (call.cookie !== undefined) headers['cookie'] = call.cookie;
  if (call.language !== undefined) headers['accept-language'] = call.language;
  return { ...headers, ...call.headers };
}

function keepLog(lines: string[]): Log {
  const keep =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      const { error, ...rest } = fields;
      lines.push(`${level} ${message} ${JSON.stringify(rest)} ${error ?? ''}`);
    };
  return { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
