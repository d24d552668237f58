import { z } from 'zod';
import type { Tickets } from '../desk/tickets.ts';
import type { Conversation } from '../dialogue/conversation.ts';
import type { Knowledge } from '../dialogue/knowledge.ts';
import type { Visits } from '../dialogue/visits.ts';
import { InputError } from '../domain/errors.ts';
import type { Form } from '../domain/pack.ts';
import type { Turn } from '../domain/session.ts';
import type {
  KioskView,
  SubmittedForm,
  TicketStatusView,
  TurnView,
  VisitView,
} from '../domain/views.ts';
import type { DeskViews } from './desk-views.ts';
import { problemResponse } from './problem.ts';
import type { RateLimiter } from './rate-limit.ts';
import { param, type Route, route, routeWithoutBody } from './route.ts';

/** What the customer's routes need. */
export type CustomerServices = {
  readonly visits: Visits;
  readonly conversation: Conversation;
  readonly knowledge: Knowledge;
  readonly tickets: Tickets;
  readonly views: DeskViews;
  readonly kiosk: () => KioskView;
  readonly openLimit: RateLimiter;
  readonly turnLimit: RateLimiter;
};

const Opening = z.strictObject({
  channel: z.enum(['kiosk', 'web', 'app']).default('kiosk'),
  language: z.enum(['zh', 'en']).default('zh'),
});
/** Made by the page; becomes a key of records, so nothing that a prototype has is one. */
const pageKey = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'use 1–64 letters, digits and -');
const turnKey = pageKey.nullable().default(null);
const TurnBody = z.union([
  z.strictObject({ text: z.string().max(20_000), turnKey }),
  z.strictObject({ intent: z.string().max(120), turnKey }),
]);
const Feedback = z.strictObject({ turn: z.number().int().positive(), helpful: z.boolean() });
const Submission = z.strictObject({
  submissionId: pageKey.min(8),
  values: z.record(z.string().max(64), z.string().max(4_000)),
});

/** Routes of the kiosk page, the widget and apps. */
export function customerRoutes(services: CustomerServices): Route[] {
  return [...visitRoutes(services), ...conversationRoutes(services), ...formRoutes(services)];
}

function visitRoutes({ visits, kiosk, views, openLimit }: CustomerServices): Route[] {
  return [
    routeWithoutBody('GET', '/api/v1/kiosk', 'What the start screen shows', async () => kiosk()),
    route('POST', '/api/v1/sessions', 'Open a visit', Opening, async ({ body, caller }) => {
      openLimit.take(caller.address);
      return visits.open(body.channel, body.language);
    }),
    routeWithoutBody('GET', '/api/v1/sessions/:id', 'The visit so far', async (request) => {
      const visit = visits.require(param(request, 'id'));
      const turns = visit.turns.filter((turn) => turn.number > visit.restartedAfter);
      const view: VisitView = {
        sessionId: visit.id,
        language: visit.language,
        turns: turns.filter(isShown),
        messages: views.messagesOf(visit.id),
        escalation: views.visitEscalation(visit.id),
      };
      return view;
    }),
    routeWithoutBody('DELETE', '/api/v1/sessions/:id', 'End the visit', async (request) => {
      await visits.end(param(request, 'id'), 'customer');
    }),
    routeWithoutBody('POST', '/api/v1/sessions/:id/restart', 'Begin anew', async (request) => {
      await visits.restart(param(request, 'id'));
    }),
  ];
}

function conversationRoutes(services: CustomerServices): Route[] {
  const { visits, conversation, views, turnLimit } = services;
  return [
    route('POST', '/api/v1/sessions/:id/turns', 'Say something', TurnBody, async (request) => {
      const id = param(request, 'id');
      turnLimit.take(id);
      const turn = await conversation.takeTurn(id, request.body);
      const view: TurnView = { turn, escalation: views.visitEscalation(id) };
      return view;
    }),
    routeWithoutBody('POST', '/api/v1/sessions/:id/person', 'Ask for a person', async (request) => {
      const id = param(request, 'id');
      await conversation.askForPerson(id);
      return views.visitEscalation(id);
    }),
    route(
      'POST',
      '/api/v1/sessions/:id/feedback',
      'Say whether a reply helped',
      Feedback,
      async (request) => {
        const { turn, helpful } = request.body;
        await visits.feedback(param(request, 'id'), turn, helpful);
      },
    ),
  ];
}

function formRoutes({ visits, knowledge, tickets }: CustomerServices): Route[] {
  const formOf = (id: string): Form => {
    const form = knowledge.form(id);
    if (form) return form;
    throw new InputError('FORM_UNKNOWN', { detail: `no active pack has a form called ${id}` });
  };
  return [
    routeWithoutBody('GET', '/api/v1/forms/:form', 'A form', async (request) =>
      formOf(param(request, 'form')),
    ),
    route(
      'POST',
      '/api/v1/sessions/:id/forms/:form',
      'Submit a form; it becomes a ticket',
      Submission,
      async (request) => {
        const visit = visits.require(param(request, 'id'));
        const { language, context, body } = request;
        const form = formOf(param(request, 'form'));
        const ticket = await tickets.submit({ ...body, sessionId: visit.id, form, language });
        if ('problems' in ticket) {
          const error = new InputError('FORM_INVALID', {
            detail: `fields to correct: ${Object.keys(ticket.problems).join(', ')}`,
          });
          return problemResponse(error, context.req.path, language, ticket.problems);
        }
        const submitted: SubmittedForm = { number: ticket.number, dueAt: ticket.dueAt };
        return submitted;
      },
    ),
    routeWithoutBody('GET', '/api/v1/tickets/:number', 'How a ticket stands', async (request) => {
      const { number, status, dueAt } = tickets.require(param(request, 'number'));
      const view: TicketStatusView = { number, status, dueAt };
      return view;
    }),
  ];
}

/** A relayed turn stands in the chat already. */
function isShown(turn: Turn): boolean {
  return turn.reply.route !== 'relay';
}
