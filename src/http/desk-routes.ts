import { z } from 'zod';
import type { Escalations } from '../desk/escalations.ts';
import type { Tickets } from '../desk/tickets.ts';
import type { Masker } from '../domain/ports.ts';
import type { RevealedTicket } from '../domain/views.ts';
import type { DeskViews } from './desk-views.ts';
import { param, type Route, route, routeWithoutBody, staffOf } from './route.ts';

/** What the staff's desk routes need. */
export type DeskServices = {
  readonly escalations: Escalations;
  readonly tickets: Tickets;
  readonly views: DeskViews;
  readonly masker: Masker;
};

const Message = z.strictObject({ text: z.string().trim().min(1).max(2_000) });
const Resolution = z.strictObject({
  outcome: z.enum(['solved', 'ticket', 'customer_left', 'other']),
  note: z.string().max(2_000).default(''),
});
const Status = z.strictObject({ status: z.enum(['open', 'in_progress', 'done']) });
const Reveal = z.strictObject({ reason: z.string().trim().min(4).max(500) });

/** Routes of the staff page: the queue and the tickets. */
export function deskRoutes(services: DeskServices): Route[] {
  return [...queueRoutes(services), ...chatRoutes(services), ...ticketRoutes(services)];
}

function queueRoutes({ escalations, views }: DeskServices): Route[] {
  const base = '/api/v1/desk/escalations';
  return [
    routeWithoutBody('GET', base, 'The queue', async () =>
      escalations.list().map((one) => views.escalation(one)),
    ),
    routeWithoutBody('GET', `${base}/:id`, 'One escalation, whole', async (request) =>
      views.detail(escalations.require(param(request, 'id'))),
    ),
    routeWithoutBody('POST', `${base}/:id/claim`, 'Take it', async (request) =>
      views.escalation(await escalations.claim(param(request, 'id'), staffOf(request))),
    ),
    routeWithoutBody('POST', `${base}/:id/heartbeat`, 'Keep it', async (request) =>
      views.escalation(await escalations.heartbeat(param(request, 'id'), staffOf(request))),
    ),
    routeWithoutBody('POST', `${base}/:id/release`, 'Give it back', async (request) =>
      views.escalation(await escalations.release(param(request, 'id'), staffOf(request))),
    ),
  ];
}

function chatRoutes({ escalations, views, masker }: DeskServices): Route[] {
  const base = '/api/v1/desk/escalations/:id';
  return [
    route('POST', `${base}/messages`, 'Say something to the customer', Message, async (request) => {
      const text = masker.mask(request.body.text, request.language);
      return escalations.send(param(request, 'id'), staffOf(request), text);
    }),
    route('POST', `${base}/resolve`, 'End the hand-over', Resolution, async (request) => {
      const { outcome, note } = request.body;
      const masked = masker.mask(note, request.language);
      const id = param(request, 'id');
      return views.escalation(await escalations.resolve(id, staffOf(request), outcome, masked));
    }),
  ];
}

function ticketRoutes({ tickets, views, masker }: DeskServices): Route[] {
  const base = '/api/v1/desk/tickets';
  return [
    routeWithoutBody('GET', base, 'The tickets', async () =>
      tickets.list().map((ticket) => views.ticket(ticket)),
    ),
    route('POST', `${base}/:number/status`, 'Move a ticket on', Status, async (request) => {
      const number = param(request, 'number');
      return views.ticket(await tickets.setStatus(number, staffOf(request), request.body.status));
    }),
    route('POST', `${base}/:number/reveal`, 'Show contacts, audited', Reveal, async (request) => {
      const reason = masker.mask(request.body.reason, request.language);
      const personal = await tickets.reveal(param(request, 'number'), staffOf(request), reason);
      const revealed: RevealedTicket = { personal };
      return revealed;
    }),
  ];
}
