import { z } from 'zod';
import type { CommittedEvent } from '../domain/events.ts';
import type { Projection } from '../domain/ports.ts';
import type { StatusView } from '../domain/views.ts';

/** What happened on one day. */
type TurnStatisticsState = {
  /** Calendar day of the branch, `2026-11-22`; empty before the first event. */
  day: string;
  visits: number;
  turns: number;
  answered: number;
  escalated: number;
  /** Turns by duration without the durable write: bucket i holds those up to `GROWTH ** i` ms. */
  durations: Record<string, number>;
};

// Buckets grow by a tenth: a percentile is at most that much too high, and a day fits in 120 numbers.
const GROWTH = 1.1;
const MAX_MS = 60_000;

const stateSchema: z.ZodType<TurnStatisticsState> = z.object({
  day: z.string(),
  visits: z.number().int(),
  turns: z.number().int(),
  answered: z.number().int(),
  escalated: z.number().int(),
  durations: z.record(z.string(), z.number().int()),
});

const emptyDay = (day: string): TurnStatisticsState => ({
  day,
  visits: 0,
  turns: 0,
  answered: 0,
  escalated: 0,
  durations: {},
});

function bucketOf(ms: number): number {
  return Math.ceil(Math.log(Math.min(MAX_MS, Math.max(1, ms))) / Math.log(GROWTH));
}

function percentileMs(durations: Readonly<Record<string, number>>, share: number): number | null {
  const buckets = Object.entries(durations)
    .map(([bucket, count]) => ({ bucket: Number(bucket), count }))
    .sort((a, b) => a.bucket - b.bucket);
  const rank = Math.ceil(buckets.reduce((sum, { count }) => sum + count, 0) * share);
  let seen = 0;
  for (const { bucket, count } of buckets) {
    seen += count;
    if (seen >= rank) return Math.round(GROWTH ** bucket * 10) / 10;
  }
  return null;
}

function countTurn(state: TurnStatisticsState, event: CommittedEvent<'turn.recorded'>): void {
  const { route, stagesMs } = event.data.turn.receipt;
  state.turns++;
  if (route === 'answer') state.answered++;
  if (stagesMs.total === undefined) return;
  const bucket = String(bucketOf(stagesMs.total));
  state.durations[bucket] = (state.durations[bucket] ?? 0) + 1;
}

/** Today's numbers: a projection that starts anew with each day of the branch. */
export type TurnStatistics = {
  readonly projection: Projection<TurnStatisticsState>;
  /** The numbers of the day of `now`, as the status page shows them. */
  readonly today: (state: TurnStatisticsState, now: number) => StatusView['today'];
};

/**
 * Makes the statistics of a branch.
 *
 * @param timeZone IANA name; says when a day begins
 */
export function createTurnStatistics(timeZone: string): TurnStatistics {
  // Swedish writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  const dayOf = (at: number) => format.format(at);

  const apply = (state: TurnStatisticsState, event: CommittedEvent) => {
    if (!['session.opened', 'turn.recorded', 'escalation.opened'].includes(event.type)) return;
    const day = dayOf(event.at);
    if (day !== state.day) Object.assign(state, emptyDay(day));
    if (event.type === 'session.opened') state.visits++;
    if (event.type === 'escalation.opened') state.escalated++;
    if (event.type === 'turn.recorded') countTurn(state, event);
  };

  return {
    projection: {
      name: 'turn-statistics',
      version: 1,
      initial: () => emptyDay(''),
      apply,
      parse: (stored) => stateSchema.parse(stored),
    },
    today: (state, now) => {
      const day = dayOf(now);
      const { visits, turns, answered, escalated, durations } =
        state.day === day ? state : emptyDay(day);
      return {
        visits,
        turns,
        answered,
        escalated,
        turnP50Ms: percentileMs(durations, 0.5),
        turnP99Ms: percentileMs(durations, 0.99),
      };
    },
  };
}
