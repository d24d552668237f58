import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { TurnView } from '../../../src/domain/views.ts';
import type { FakeBox, FakeVisit } from './fake-box.ts';
import { FORM, makeTurn } from './samples.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type TurnBody = { text?: string; intent?: string; turnKey: string };

/** Answers a turn; while a person is there, passes it on instead. */
function answerTurn(box: FakeBox, visit: FakeVisit, body: TurnBody, tapped: string): TurnView {
  const text = body.text ?? tapped;
  const open = box.escalationOf(visit.id);
  const isRelay = open?.status === 'claimed';
  const isTapped = body.intent !== undefined;
  const turn = makeTurn(visit.turns.length + 1, text, { isTapped, isRelay });
  visit.turns.push(turn);
  if (isRelay) box.say(visit.id, { at: turn.at, from: 'customer', author: null, text });
  const { language } = turn;
  const escalation =
    turn.reply.route === 'handoff'
      ? box.escalate(visit.id, { summary: text, reason: 'not_understood', language })
      : open;
  return { turn, escalation: escalation ? box.visitEscalation(escalation) : null };
}

/** The customer's half of the API. */
export function visitRoutes(box: FakeBox): Hono<{ Variables: { visit: FakeVisit } }> {
  const app = new Hono<{ Variables: { visit: FakeVisit } }>();

  app.get('/kiosk', (c) => c.json(box.kiosk));
  app.get('/forms/:form', (c) => c.json(FORM));
  app.post('/sessions', async (c) => {
    const { language } = await c.req.json<{ language: string }>();
    const id = `visit-${box.visits.size + 1}`;
    const visit = {
      id,
      token: crypto.randomUUID(),
      turns: [],
      messages: [],
      answers: new Map(),
      isOver: false,
    };
    box.visits.set(id, visit);
    return c.json({ sessionId: id, token: visit.token, language });
  });

  app.use('/sessions/:id/*', async (c, next) => {
    const visit = box.visits.get(c.req.param('id'));
    if (!visit || visit.isOver || c.req.header('authorization') !== `Bearer ${visit.token}`) {
      return c.json(box.problem('SESSION_UNKNOWN', c.req.header('accept-language') ?? ''), 404);
    }
    c.set('visit', visit);
    return next();
  });

  app.post('/sessions/:id/turns', async (c) => {
    const visit = c.get('visit');
    const body = await c.req.json<TurnBody>();
    if (box.turnDelayMs > 0) await wait(box.turnDelayMs);
    if (box.refuseNextTurn !== null) {
      const code = box.refuseNextTurn;
      box.refuseNextTurn = null;
      return c.json(box.problem(code, c.req.header('accept-language') ?? ''), 503);
    }
    const known = visit.answers.get(body.turnKey);
    if (known) return c.json(known as object);
    const isChinese = c.req.header('accept-language')?.startsWith('zh') ?? true;
    const answer = answerTurn(box, visit, body, isChinese ? '银行卡丢了' : 'I lost my card');
    visit.answers.set(body.turnKey, answer);
    if (!box.isNextAnswerLost) return c.json(answer);
    box.isNextAnswerLost = false;
    box.isAway = true;
    return c.html('<h1>502 Bad Gateway</h1>', 502);
  });

  app.post('/sessions/:id/person', (c) => {
    const visit = c.get('visit');
    const last = visit.turns.at(-1);
    const row =
      box.escalationOf(visit.id) ??
      box.escalate(visit.id, { summary: last?.text ?? '—', language: last?.language ?? 'zh' });
    return c.json(box.visitEscalation(row));
  });

  app.post('/sessions/:id/forms/:form', async (c) => {
    if (box.refuseNextForm) {
      const fields = box.refuseNextForm;
      box.refuseNextForm = null;
      return c.json(
        box.problem('FORM_INVALID', c.req.header('accept-language') ?? '', fields),
        422,
      );
    }
    const { values } = await c.req.json<{ values: Record<string, string> }>();
    const ticket = box.openTicket(values, { sessionId: c.get('visit').id });
    return c.json({ number: ticket.number, dueAt: ticket.dueAt });
  });

  app.post('/sessions/:id/feedback', (c) => c.body(null, 204));
  app.post('/sessions/:id/restart', (c) => {
    c.get('visit').turns.length = 0;
    return c.body(null, 204);
  });
  app.get('/sessions/:id/events', (c) =>
    streamSSE(c, async (stream) => {
      const stop = box.listenVisit(c.get('visit').id, (event, value) => {
        void stream.writeSSE({ event, data: JSON.stringify(value), id: crypto.randomUUID() });
      });
      await box.untilDropped((listener) => stream.onAbort(listener));
      stop();
    }),
  );
  app.get('/sessions/:id', (c) => {
    const visit = box.visits.get(c.req.param('id'));
    const row = visit && box.escalationOf(visit.id);
    return c.json({
      sessionId: visit?.id,
      language: 'zh',
      turns: visit?.turns ?? [],
      messages: visit?.messages ?? [],
      escalation: row ? box.visitEscalation(row) : null,
    });
  });
  app.delete('/sessions/:id', (c) => {
    const visit = box.visits.get(c.req.param('id'));
    if (visit) visit.isOver = true;
    return c.body(null, 204);
  });
  return app;
}
