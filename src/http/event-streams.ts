import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Escalations } from '../desk/escalations.ts';
import type { Presence } from '../desk/presence.ts';
import type { Tickets } from '../desk/tickets.ts';
import type { Visits } from '../dialogue/visits.ts';
import type { CommittedEvent } from '../domain/events.ts';
import type { Clock, Ledger } from '../domain/ports.ts';
import type { DeskFrames, StatusView, VisitFrames } from '../domain/views.ts';
import type { DeskViews } from './desk-views.ts';
import { param, type Route, routeWithoutBody, staffOf } from './route.ts';

/** What the live streams need. */
export type StreamServices = {
  readonly ledger: Ledger;
  readonly visits: Visits;
  readonly escalations: Escalations;
  readonly tickets: Tickets;
  readonly presence: Presence;
  readonly views: DeskViews;
  readonly status: () => StatusView;
  readonly clock: Clock;
};

type Frame = { readonly name: string; readonly value: unknown };

/** A comment line this often keeps proxies and half-open connections honest. */
const KEEP_ALIVE_MS = 15_000;
const STATUS_EVERY_MS = 5_000;
/** Frames that may wait for a slow reader before it is cut off; it reconnects and reads the state anew. */
const MAX_BACKLOG = 256;

/** Server-sent events for the customer's page and for the staff page. */
export function streamRoutes(services: StreamServices): Route[] {
  return [
    routeWithoutBody('GET', '/api/v1/sessions/:id/events', 'The visit, live', async (request) => {
      const { id } = services.visits.require(param(request, 'id'));
      return streamSSE(request.context, (stream) => streamVisit(services, stream, id));
    }),
    routeWithoutBody('GET', '/api/v1/desk/events', 'The desk, live', async (request) => {
      const account = staffOf(request).name;
      return streamSSE(request.context, (stream) => streamDesk(services, stream, account));
    }),
  ];
}

async function streamVisit(
  services: StreamServices,
  stream: SSEStreamingApi,
  sessionId: string,
): Promise<void> {
  const { ledger, views } = services;
  const feed = new Feed(stream, services.clock);
  let shown = '';
  const showEscalation = () => {
    const now = views.visitEscalation(sessionId);
    const next = JSON.stringify(now);
    if (now !== null && next !== shown) feed.push(visitFrame('escalation', now));
    shown = next;
  };
  const stop = ledger.subscribe((event) => {
    const isOwn = event.subject === sessionId;
    if (isOwn && event.type === 'message.sent' && event.data.message.from === 'agent')
      feed.push(visitFrame('message', event.data.message));
    if (isOwn && event.type === 'escalation.resolved') showResolved(services, feed, event);
    else if (event.type.startsWith('escalation.')) showEscalation();
    if (isOwn && event.type === 'session.ended') {
      feed.push(visitFrame('ended', { reason: event.data.reason }));
      feed.close();
    }
  });
  showEscalation();
  await feed.run(stop);
}

function showResolved(
  services: StreamServices,
  feed: Feed,
  event: CommittedEvent & { type: 'escalation.resolved' },
): void {
  const record = services.escalations.require(event.data.escalationId);
  feed.push(visitFrame('escalation', services.views.forVisit(record)));
}

async function streamDesk(
  services: StreamServices,
  stream: SSEStreamingApi,
  account: string,
): Promise<void> {
  const { ledger, presence, escalations, views, status } = services;
  const feed = new Feed(stream, services.clock);
  const leave = presence.enter(account);
  const unsubscribe = ledger.subscribe((event) => {
    for (const frame of deskFrames(services, event)) feed.push(frame);
  });
  feed.push(
    deskFrame(
      'escalations',
      escalations.list().map((one) => views.escalation(one)),
    ),
  );
  feed.push(deskFrame('status', status()));
  feed.every(STATUS_EVERY_MS, () => deskFrame('status', status()));
  await feed.run(() => {
    unsubscribe();
    leave();
  });
}

function deskFrames(services: StreamServices, event: CommittedEvent): Frame[] {
  const { escalations, tickets, views } = services;
  switch (event.type) {
    case 'escalation.opened':
    case 'escalation.claimed':
    case 'escalation.renewed':
    case 'escalation.returned':
    case 'escalation.resolved':
      return [
        deskFrame('escalation', views.escalation(escalations.require(event.data.escalationId))),
      ];
    case 'message.sent': {
      const { escalationId, message } = event.data;
      return [deskFrame('message', { escalationId, message })];
    }
    case 'turn.recorded': {
      const open = escalations.openFor(event.data.sessionId);
      if (open === null || event.data.turn.reply.route === 'relay') return [];
      return [deskFrame('turn', { escalationId: open.id, turn: event.data.turn })];
    }
    case 'ticket.opened':
      return [deskFrame('ticket', views.ticket(tickets.require(event.data.ticket.number)))];
    case 'ticket.changed':
      return [deskFrame('ticket', views.ticket(tickets.require(event.data.number)))];
    default:
      return [];
  }
}

function visitFrame<K extends keyof VisitFrames>(name: K, value: VisitFrames[K]): Frame {
  return { name, value };
}

function deskFrame<K extends keyof DeskFrames>(name: K, value: DeskFrames[K]): Frame {
  return { name, value };
}

/** Frames on their way to one reader, in order; a reader that cannot keep up is let go. */
class Feed {
  readonly #stream: SSEStreamingApi;
  readonly #clock: Clock;
  readonly #stopped = new AbortController();
  readonly #repeating: { ms: number; make: () => Frame }[] = [];
  #backlog = 0;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(stream: SSEStreamingApi, clock: Clock) {
    this.#stream = stream;
    this.#clock = clock;
  }

  push({ name, value }: Frame): void {
    if (this.#backlog >= MAX_BACKLOG) {
      this.close();
      return;
    }
    this.#backlog += 1;
    this.#write(() => this.#stream.writeSSE({ event: name, data: JSON.stringify(value) }));
  }

  every(ms: number, make: () => Frame): void {
    this.#repeating.push({ ms, make });
  }

  close(): void {
    this.#stopped.abort();
  }

  /** Runs until the reader leaves or the feed is closed; then frees what it held. */
  async run(release: () => void): Promise<void> {
    this.#stream.onAbort(() => this.close());
    const { signal } = this.#stopped;
    const keepAlive = () => this.#write(() => this.#stream.write(': alive\n\n'));
    const loops = [
      this.#loop(KEEP_ALIVE_MS, keepAlive, signal),
      ...this.#repeating.map(({ ms, make }) => this.#loop(ms, () => this.push(make()), signal)),
    ];
    await Promise.all(loops);
    release();
    await this.#writing;
    await this.#stream.close();
  }

  #write(write: () => Promise<unknown>): void {
    this.#writing = this.#writing.then(write).then(
      () => {
        this.#backlog = Math.max(0, this.#backlog - 1);
      },
      // The reader is gone; what it missed it reads when it comes back.
      () => this.close(),
    );
  }

  async #loop(ms: number, act: () => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const slept = await this.#clock.sleep(ms, signal).then(
        () => true,
        () => false,
      );
      if (slept) act();
    }
  }
}
