import { z } from 'zod';
import type { ReceivedEvent } from './batch.ts';

const Text = z.string().max(60).catch('');
/** Names of things and states only: nothing that a customer said, nothing that names a person. */
const Facts = z.object({
  channel: Text,
  reason: Text,
  why: Text,
  outcome: Text,
  from: Text,
  to: Text,
  status: Text,
  number: Text,
  probe: Text,
  version: Text,
  turn: z
    .union([
      z.object({
        receipt: z.object({ route: Text, engine: Text, intent: z.string().nullable() }),
      }),
      z.number().transform(() => null),
    ])
    .nullable()
    .catch(null),
  ticket: z.object({ number: Text, category: Text }).nullable().catch(null),
});

/** Puts an event into a few words for the fleet page, without personal data. */
export function summariseEvent(event: ReceivedEvent): string {
  const facts = Facts.parse(event.data.facts);
  if (facts.turn !== null) {
    const { route, engine, intent } = facts.turn.receipt;
    return [route, engine, intent ?? ''].filter((word) => word !== '').join(' · ');
  }
  if (facts.ticket !== null) return `${facts.ticket.number} · ${facts.ticket.category}`;
  const words = [facts.channel, facts.number, facts.status, facts.reason, facts.why, facts.outcome];
  const change = facts.to === '' ? '' : `${facts.from} → ${facts.to}`;
  return [...words, change, facts.probe, facts.version].filter((word) => word !== '').join(' · ');
}
