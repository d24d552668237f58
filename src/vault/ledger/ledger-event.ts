import { z } from 'zod';
import type { Lane } from '../../domain/events.ts';
import { type FrameHead, LANES } from './frame.ts';

/** What any ledger can hold: the appliance's own events, or headquarters'. */
export type LedgerEvent = {
  readonly type: string;
  readonly data: unknown;
  /** Whom it is about; null for the box itself. */
  readonly subject: string | null;
  readonly personal?: Readonly<Record<string, string>>;
};

/** An event with its place. Its `personal`, when it has one, is sealed. */
export type Committed<E extends LedgerEvent> = E & {
  readonly sequence: number;
  readonly lane: Lane;
  readonly laneSequence: number;
  readonly at: number;
};

const Stored = z.object({
  type: z.string(),
  data: z.unknown(),
  subject: z.string().nullable(),
  personal: z.record(z.string(), z.string()).optional(),
});

/**
 * Reads an event from an authenticated body.
 *
 * @throws ZodError or SyntaxError when it was not written by this program
 */
export function readEvent<E extends LedgerEvent>(body: string, head: FrameHead): Committed<E> {
  // What `data` holds was checked when it was committed and is authenticated since: only the
  // envelope is looked at again.
  return placeEvent(Stored.parse(JSON.parse(body)) as unknown as E, head);
}

/** Gives an event the place that its frame has. */
export function placeEvent<E extends LedgerEvent>(event: E, head: FrameHead): Committed<E> {
  const lane = LANES[head.lane] as Lane;
  return {
    ...event,
    sequence: head.sequence,
    lane,
    laneSequence: head.lanes[head.lane as 0 | 1 | 2],
    at: head.at,
  };
}
