import {
  ENDS_COMMIT,
  FRAME_OVERHEAD,
  type Frame,
  type FrameHead,
  type LaneCounts,
  writeFrame,
} from './frame.ts';
import { type EventText, encodeBody, type PlacedText, placeEvents } from './frame-events.ts';
import type { SegmentIndex } from './segment-index.ts';

/** Frames of several commits, ready to be written at once. */
export type EncodedGroup = {
  readonly bytes: Buffer;
  /** Offsets are those in the segment. */
  readonly frames: readonly { readonly frame: Frame; readonly chain: Buffer }[];
  readonly events: readonly PlacedText[];
};

/**
 * How much text shares a frame, characters. Sealing costs 12 µs for one event alone and 1 µs each
 * in company, but what shares a frame is lost together when a sector goes bad.
 */
const FRAME_TEXT = 16 * 1024;

/** Frames commits behind the last event of a segment: one buffer, one write. */
export function encodeGroup(
  commits: readonly (readonly EventText[])[],
  index: SegmentIndex,
  at: number,
): EncodedGroup {
  const packed = packFrames(commits);
  const bodies = packed.map(({ events }) => encodeBody(events));
  const size = bodies.reduce((sum, body) => sum + FRAME_OVERHEAD + body.length, 0);
  const bytes = Buffer.allocUnsafe(size);
  const frames: { frame: Frame; chain: Buffer }[] = [];
  const placed: PlacedText[] = [];
  const durable = index.last.sequence;
  let { sequence, lanes, chain } = index.last;
  let offset = 0;
  for (const [i, { events, endsCommit }] of packed.entries()) {
    const body = bodies[i] as Buffer;
    const counts = countLanes(events);
    sequence += events.length;
    lanes = [lanes[0] + counts[0], lanes[1] + counts[1], lanes[2] + counts[2]];
    const flags = endsCommit ? ENDS_COMMIT : 0;
    const head: FrameHead = { sequence, flags, counts, lanes, at, durable };
    chain = writeFrame(bytes, offset, head, body, index.seal, chain);
    const end = offset + FRAME_OVERHEAD + body.length;
    frames.push({ frame: { head, offset: index.end + offset, end: index.end + end }, chain });
    placed.push(...placeEvents(head, events));
    offset = end;
  }
  return { bytes, frames, events: placed };
}

type Packed = { readonly events: EventText[]; endsCommit: boolean };

function packFrames(commits: readonly (readonly EventText[])[]): readonly Packed[] {
  const packed: Packed[] = [];
  let room = 0;
  for (const commit of commits) {
    for (const event of commit) {
      if (room <= 0) {
        packed.push({ events: [], endsCommit: false });
        room = FRAME_TEXT;
      }
      const frame = packed.at(-1) as Packed;
      frame.events.push(event);
      frame.endsCommit = false;
      room -= event.json.length;
    }
    const last = packed.at(-1);
    if (last !== undefined) last.endsCommit = true;
  }
  return packed;
}

function countLanes(events: readonly EventText[]): LaneCounts {
  const counts: [number, number, number] = [0, 0, 0];
  for (const { lane } of events) counts[lane]++;
  return counts;
}
