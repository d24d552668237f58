import type { Lane } from '../../domain/events.ts';
import type { FleetEvent } from '../../domain/views.ts';
import { summariseEvent } from '../collector/summarise-event.ts';
import type { HqEvent } from '../hq-event.ts';

/** Reads headquarters' own ledger, where everything is on one lane; `SealedLedger` fits. */
export interface HqLedgerReader {
  readLane(
    lane: Lane,
    after: number,
    limit: number,
  ): Promise<readonly (HqEvent & { readonly laneSequence: number })[]>;
}

/** Received events in the order of their arrival; `next` is where to go on. */
export type EventPage = { readonly events: readonly FleetEvent[]; readonly next: number };

const PAGE_EVENTS = 1000;
const CHUNK = 500;
/** A box that was silent while others talked must not make one request read the whole ledger. */
const MOST_CHUNKS = 20;

/**
 * Lists what an appliance sent.
 *
 * @param after `next` of the page before; 0 for the first
 */
export async function listEvents(
  ledger: HqLedgerReader,
  appliance: string,
  after: number,
): Promise<EventPage> {
  const events: FleetEvent[] = [];
  let next = after;
  for (let chunks = 0; chunks < MOST_CHUNKS && events.length < PAGE_EVENTS; chunks += 1) {
    const entries = await ledger.readLane('normal', next, CHUNK);
    for (const entry of entries) {
      next = entry.laneSequence;
      if (entry.type !== 'event.received' || entry.data.appliance !== appliance) continue;
      events.push(describe(entry.data));
    }
    if (entries.length < CHUNK) break;
  }
  return { events, next };
}

function describe(received: Extract<HqEvent, { type: 'event.received' }>['data']): FleetEvent {
  const { event, lane, laneSequence } = received;
  return {
    id: event.id,
    type: event.type.replace(/^org\.zhanggui\.|\.v\d+$/g, ''),
    lane,
    laneSequence,
    at: Date.parse(event.time),
    summary: summariseEvent(event),
  };
}
