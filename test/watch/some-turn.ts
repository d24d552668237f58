import type { NewEvent } from '../../src/domain/events.ts';
import type { Receipt, Route } from '../../src/domain/session.ts';

/** The receipt of a turn that took `totalMs`. */
export function someReceipt(route: Route, totalMs: number): Receipt {
  return {
    route,
    engine: 'local',
    intent: 'banking.card_lost',
    confidence: 0.9,
    margin: 0.8,
    nearest: null,
    stagesMs: { encode: totalMs / 2, total: totalMs },
    mode: 'local',
    health: 'ok',
    recorded: true,
  };
}

/** The event of such a turn. */
export function someTurn(route: Route, totalMs: number): NewEvent<'turn.recorded'> {
  const reply = {
    route,
    language: 'zh',
    title: null,
    text: '好',
    short: null,
    choices: [],
  } as const;
  const receipt = someReceipt(route, totalMs);
  const turn = { number: 1, at: 0, text: '卡丢了', language: 'zh', reply, receipt } as const;
  return { type: 'turn.recorded', data: { sessionId: 's', turn, turnKey: null }, subject: 's' };
}

/** The event of a visit that begins. */
export const someVisit: NewEvent<'session.opened'> = {
  type: 'session.opened',
  data: { sessionId: 's', channel: 'kiosk', language: 'zh', tokenHash: '' },
  subject: 's',
};

/** The event of a customer who asks for a person. */
export const someEscalation: NewEvent<'escalation.opened'> = {
  type: 'escalation.opened',
  data: {
    escalationId: 'e',
    sessionId: 's',
    reason: 'customer_asked',
    skill: null,
    language: 'zh',
    priority: 'normal',
    summary: '',
  },
  subject: 's',
};
