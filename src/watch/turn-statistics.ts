import { z } from 'zod';
import type { Projection } from '../domain/ports.ts';
import type { Receipt } from '../domain/session.ts';

/** What happened on one day, counted. */
export type DayCounts = {
  /** Local calendar day, YYYY-MM-DD. */
  day: string;
  visits: number;
  turns: number;
  answered: number;
  escalated: number;
};

const Stored = z.object({
  day: z.string(),
  visits: z.number(),
  turns: z.number(),
  answered: z.number(),
  escalated: z.number(),
});

const emptyDay = (day: string): DayCounts => ({
  day,
  visits: 0,
  turns: 0,
  answered: 0,
  escalated: 0,
});

/** Counts today's visits and turns; a new day begins at zero. */
export const todayProjection: Projection<DayCounts> = {
  name: 'today',
  version: 1,
  initial: () => emptyDay(''),
  parse: (stored) => Stored.parse(stored),
  apply(state, event) {
    const day = localDay(event.at);
    if (state.day !== day) Object.assign(state, emptyDay(day));
    if (event.type === 'session.opened') state.visits += 1;
    if (event.type === 'escalation.opened') state.escalated += 1;
    if (event.type !== 'turn.recorded') return;
    state.turns += 1;
    if (event.data.turn.reply.route === 'answer') state.answered += 1;
  },
};

/** Names the calendar day of a wall time on this machine. */
export function localDay(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const KEPT = 2_000;

/** Milliseconds of the last turns, for percentiles; bounded, since the start. */
export class RecentTurns {
  readonly #totals: number[] = [];
  #next = 0;

  note(receipt: Receipt): void {
    const total = receipt.stagesMs.total;
    if (total === undefined) return;
    this.#totals[this.#next] = total;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** The value that a share (0..1) of the last turns did not exceed, ms; null before the first. */
  percentileMs(share: number): number | null {
    if (this.#totals.length === 0) return null;
    const sorted = [...this.#totals].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
  }
}
