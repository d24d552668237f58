import type { FileRoot } from '../../platform/durable-files.ts';
import { LANES } from './frame.ts';
import {
  type Committed,
  decodeBody,
  type LedgerEvent,
  type PlacedText,
  parseEvent,
} from './frame-events.ts';
import type { SegmentIndex, Span } from './segment-index.ts';
import { openFrames } from './segment-walk.ts';

/**
 * Reads events in order, a span of some dozens at a time.
 *
 * @param range sequences after `after`, up to and with `upTo`
 */
export async function* scanEvents<E extends LedgerEvent>(
  files: FileRoot,
  segments: readonly SegmentIndex[],
  range: { readonly after: number; readonly upTo: number },
): AsyncGenerator<Committed<E>> {
  for (const { segment, at, next } of spansOf(segments)) {
    if ((next?.sequence ?? segment.last.sequence) <= range.after) continue;
    for (const placed of await readSpan(files, segment, at)) {
      const { sequence } = placed.place;
      if (isBetween(sequence, range.after, range.upTo)) yield parseEvent<E>(placed);
      if (sequence >= range.upTo) return;
    }
  }
}

/**
 * Reads events of one lane in order.
 *
 * @param wanted lane number in `LANES`; lane sequences after `after`, up to and with `upTo`
 */
export async function readLaneEvents<E extends LedgerEvent>(
  files: FileRoot,
  segments: readonly SegmentIndex[],
  wanted: {
    readonly lane: 0 | 1 | 2;
    readonly after: number;
    readonly upTo: number;
    readonly limit: number;
  },
): Promise<readonly Committed<E>[]> {
  const { lane, after, upTo, limit } = wanted;
  const events: Committed<E>[] = [];
  for (const { segment, at, span, next } of spansOf(segments)) {
    const last = (next ?? segment.last).lanes[lane];
    if (last <= after || last === span.lanes[lane]) continue;
    const found = await readSpan(files, segment, at, lane);
    const fitting = found.filter(
      ({ place }) => place.lane === LANES[lane] && isBetween(place.laneSequence, after, upTo),
    );
    for (const placed of fitting.slice(0, limit - events.length)) {
      events.push(parseEvent<E>(placed));
    }
    if (events.length >= limit || last >= upTo) break;
  }
  return events;
}

function isBetween(sequence: number, after: number, upTo: number): boolean {
  return sequence > after && sequence <= upTo;
}

type SpanPlace = {
  readonly segment: SegmentIndex;
  readonly at: number;
  readonly span: Span;
  readonly next: Span | undefined;
};

function* spansOf(segments: readonly SegmentIndex[]): Generator<SpanPlace> {
  for (const segment of segments) {
    for (const [at, span] of segment.spans.entries()) {
      yield { segment, at, span, next: segment.spans[at + 1] };
    }
  }
}

async function readSpan(
  files: FileRoot,
  segment: SegmentIndex,
  at: number,
  lane?: 0 | 1 | 2,
): Promise<readonly PlacedText[]> {
  const from = (segment.spans[at] as Span).offset;
  const to = segment.spans[at + 1]?.offset ?? segment.end;
  const file = await files.open(segment.name, 'read');
  try {
    const buffer = await file.read(from, to - from);
    const opened = [...openFrames(buffer, 0, segment.seal, lane)];
    return opened.flatMap(({ frame, body }) => decodeBody(frame.head, body));
  } finally {
    await file.close();
  }
}
