import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Outcome, Ticket } from '../../../src/domain/desk.ts';
import type { StaffView } from '../../../src/domain/views.ts';
import type { FakeBox } from './fake-box.ts';
import { makeStatus } from './figures.ts';

/** The password that the fake box takes from everybody. */
export const PASSWORD = 'correct horse battery';

const asStaff = (box: FakeBox, name: string): StaffView => ({
  name,
  displayName: name === 'li' ? '李掌柜' : name,
  role: box.role,
  mustChangePassword: box.mustChangePassword,
});

/** Sign-in, accounts and status of the fake box. */
export function accountRoutes(box: FakeBox): Hono {
  const app = new Hono();
  const staff: StaffView[] = [];
  app.post('/staff/sign-in', async (c) => {
    const { name, password } = await c.req.json<{ name: string; password: string }>();
    if (password !== PASSWORD) {
      const advice = box.problem('TRUST_SIGN_IN_REFUSED', c.req.header('accept-language') ?? '');
      return c.json(advice, 401);
    }
    box.me = asStaff(box, name);
    staff.splice(0, staff.length, box.me, {
      name: 'wang',
      displayName: '王小二',
      role: 'agent',
      mustChangePassword: true,
    });
    return c.json(box.me);
  });
  app.use('*', async (c, next) => {
    if (box.me || !/\/(staff|desk|status)(\/|$)/.test(c.req.path)) return next();
    return c.json(box.problem('TRUST_NOT_SIGNED_IN', c.req.header('accept-language') ?? ''), 401);
  });
  app.get('/staff/me', (c) => c.json(box.me));
  app.post('/staff/sign-out', (c) => {
    box.me = null;
    return c.body(null, 204);
  });
  app.post('/staff/password', (c) => {
    box.mustChangePassword = false;
    box.me = asStaff(box, box.me?.name ?? '');
    return c.json(box.me);
  });
  app.get('/staff/accounts', (c) => c.json(staff));
  app.post('/staff/accounts', async (c) => {
    const { name, displayName, role } = await c.req.json<StaffView>();
    const account = { name, displayName, role, mustChangePassword: true };
    staff.push(account);
    return c.json({ account, oneTimePassword: 'jade-river-4821-lantern' });
  });
  app.get('/status', (c) => c.json(makeStatus()));
  return app;
}

/** The desk of the fake box. */
export function deskRoutes(box: FakeBox): Hono {
  const app = new Hono();
  app.get('/desk/escalations', (c) => c.json(box.escalations));
  app.get('/desk/escalations/:id', (c) => {
    const escalation = box.escalations.find((row) => row.id === c.req.param('id'));
    const visit = box.visits.get(escalation?.sessionId ?? '');
    return c.json({
      escalation,
      turns: visit?.turns ?? [],
      messages: visit?.messages ?? [],
      suggestions: [
        '您好，我是大堂经理，马上为您处理。',
        '请带上身份证到 3 号柜台，我在那里等您。',
      ],
      tickets: box.tickets.filter((ticket) => ticket.sessionId === escalation?.sessionId),
    });
  });
  app.post('/desk/escalations/:id/claim', (c) => {
    const known = box.escalations.find((row) => row.id === c.req.param('id'));
    if (known?.status !== 'waiting') {
      return c.json(
        box.problem('DESK_ALREADY_CLAIMED', c.req.header('accept-language') ?? ''),
        409,
      );
    }
    const holder = { holder: box.me?.name ?? '', holderName: box.me?.displayName ?? '' };
    return c.json(box.changeEscalation(known.id, { status: 'claimed', ...holder }));
  });
  app.post('/desk/escalations/:id/heartbeat', (c) => {
    box.heartbeats += 1;
    return c.json(box.changeEscalation(c.req.param('id'), {}));
  });
  app.post('/desk/escalations/:id/release', (c) =>
    c.json(
      box.changeEscalation(c.req.param('id'), {
        status: 'waiting',
        holder: null,
        holderName: null,
      }),
    ),
  );
  app.post('/desk/escalations/:id/messages', async (c) => {
    const { text } = await c.req.json<{ text: string }>();
    const row = box.escalations.find((one) => one.id === c.req.param('id'));
    const author = box.me?.displayName ?? '';
    const message = { at: Date.now(), from: 'agent', author, text } as const;
    box.say(row?.sessionId ?? '', message);
    return c.json(message);
  });
  app.post('/desk/escalations/:id/resolve', async (c) => {
    const { outcome } = await c.req.json<{ outcome: Outcome }>();
    const change = { status: 'resolved', outcome, resolvedAt: Date.now() } as const;
    return c.json(box.changeEscalation(c.req.param('id'), change));
  });
  app.get('/desk/tickets', (c) => c.json(box.tickets));
  app.post('/desk/tickets/:number/status', async (c) => {
    const { status } = await c.req.json<{ status: Ticket['status'] }>();
    const at = box.tickets.findIndex((ticket) => ticket.number === c.req.param('number'));
    const known = box.tickets[at];
    if (!known) return c.notFound();
    box.tickets[at] = { ...known, status };
    return c.json(box.tickets[at] as object);
  });
  app.post('/desk/tickets/:number/reveal', (c) =>
    c.json({ personal: { contact_name: '张伟', contact_phone: '13800138000' } }),
  );
  app.get('/desk/events', (c) =>
    streamSSE(c, async (stream) => {
      const stop = box.listenDesk((event, value) => {
        void stream.writeSSE({ event, data: JSON.stringify(value) });
      });
      await stream.writeSSE({ event: 'escalations', data: JSON.stringify(box.escalations) });
      await box.untilDropped((listener) => stream.onAbort(listener));
      stop();
    }),
  );
  return app;
}
