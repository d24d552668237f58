import type { CommittedEvent, NewEvent } from '../../src/domain/events.ts';
import type { LaneReader, Log } from '../../src/domain/ports.ts';
import { type DeliveryCursors, initialDeliveryCursors } from '../../src/sync/delivery-cursor.ts';
import type { MemoryLedger } from '../support/memory-ledger.ts';

export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Reads lanes of a ledger in memory. */
export function readerOf(ledger: MemoryLedger): LaneReader {
  const inLane = (lane: string): CommittedEvent[] =>
    ledger.events.filter((event) => event.lane === lane);
  return {
    readLane: async (lane, after, limit) => inLane(lane).slice(after, after + limit),
    lastInLane: (lane) => inLane(lane).length,
  };
}

/** A document in memory. */
export function documentOf(cursors: DeliveryCursors = initialDeliveryCursors()) {
  let stored = cursors;
  return {
    read: () => stored,
    write: async (next: DeliveryCursors) => {
      stored = next;
    },
  };
}

/** An event of the normal lane. */
export function feedback(turn = 1): NewEvent {
  return {
    type: 'feedback.given',
    subject: 'visit-1',
    data: { sessionId: 'visit-1', turn, helpful: true },
  };
}

/** An event of the urgent lane. */
export function incident(id = 'i-1'): NewEvent {
  return { type: 'incident.closed', subject: null, data: { incidentId: id } };
}

/** An event of the bulk lane. */
export function sample(): NewEvent {
  return { type: 'metrics.sampled', subject: null, data: { values: { rss: 1 } } };
}

/** As many events as asked for. */
export function many(count: number, make: (index: number) => NewEvent): NewEvent[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
