import { z } from 'zod';
import type { Lane } from '../../domain/events.ts';
import { type FrameHead, firstSequence, LANES, lanesBefore } from './frame.ts';

/** What any ledger can hold: the appliance's own events, or headquarters'. */
export type LedgerEvent = {
  readonly type: string;
  readonly data: unknown;
  /** Whom it is about; null for the box itself. */
  readonly subject: string | null;
  readonly personal?: Readonly<Record<string, string>>;
};

/** Where an event stands. */
export type Place = {
  readonly sequence: number;
  readonly lane: Lane;
  readonly laneSequence: number;
  readonly at: number;
};

/** An event with its place. Its `personal`, when it has one, is sealed. */
export type Committed<E extends LedgerEvent> = E & Place;

/** An event as JSON, with the number of its lane. */
export type EventText = { readonly lane: 0 | 1 | 2; readonly json: string };

/** An event as JSON, with its place. */
export type PlacedText = { readonly place: Place; readonly json: string };

const DIGIT_ZERO = 0x30;
const NEW_LINE = 0x0a;

const Stored = z.object({
  type: z.string(),
  data: z.unknown(),
  subject: z.string().nullable(),
  personal: z.record(z.string(), z.string()).optional(),
});

/** Makes the body of a frame: a line an event, its lane's number and its JSON. */
export function encodeBody(events: readonly EventText[]): Buffer {
  // A character of JSON takes up to 3 bytes; one long text joined first would be copied twice.
  const most = events.reduce((sum, { json }) => sum + json.length * 3 + 2, 0);
  const body = Buffer.allocUnsafe(most);
  let end = 0;
  for (const { lane, json } of events) {
    body[end++] = DIGIT_ZERO + lane;
    end += body.write(json, end);
    body[end++] = NEW_LINE;
  }
  return body.subarray(0, Math.max(0, end - 1));
}

/** Gives each event of a frame its place. */
export function placeEvents(head: FrameHead, events: Iterable<EventText>): PlacedText[] {
  const lanes: [number, number, number] = [...lanesBefore(head)];
  let sequence = firstSequence(head);
  const placed: PlacedText[] = [];
  for (const { lane, json } of events) {
    const laneSequence = ++lanes[lane];
    const place = { sequence: sequence++, lane: LANES[lane] as Lane, laneSequence, at: head.at };
    placed.push({ place, json });
  }
  return placed;
}

/** Reads the body of a frame that was opened. */
export function decodeBody(head: FrameHead, body: Buffer): PlacedText[] {
  const lines = body.toString('utf8').split('\n');
  const events = lines.map(
    (line): EventText => ({ lane: Number(line[0]) as 0 | 1 | 2, json: line.slice(1) }),
  );
  return placeEvents(head, events);
}

/**
 * Reads an event from an authenticated body.
 *
 * @throws ZodError or SyntaxError when it was not written by this program
 */
export function parseEvent<E extends LedgerEvent>({ place, json }: PlacedText): Committed<E> {
  // What `data` holds was checked when it was committed and is authenticated since: only the
  // envelope is looked at again.
  return { ...(Stored.parse(JSON.parse(json)) as unknown as E), ...place };
}

/** Reads an event whose JSON this process has just written: a copy that may be kept and changed. */
export function copyEvent<E extends LedgerEvent>({ place, json }: PlacedText): Committed<E> {
  return { ...(JSON.parse(json) as E), ...place };
}
