import {
  ENDS_COMMIT,
  FRAME_OVERHEAD,
  type Frame,
  type LaneCounts,
  type Position,
  writeFrame,
} from './frame.ts';
import type { SegmentIndex } from './segment-index.ts';
import type { EncodedGroup } from './segment-writer.ts';

/** An event that waits to be framed. */
export type Framable = {
  /** Number in `LANES`. */
  readonly lane: number;
  readonly body: Buffer;
  readonly endsCommit: boolean;
};

/** Frames events behind the last one of a segment: one buffer, one write. */
export function encodeGroup(
  events: readonly Framable[],
  index: SegmentIndex,
  at: number,
): EncodedGroup {
  const size = events.reduce((sum, { body }) => sum + FRAME_OVERHEAD + body.length, 0);
  const bytes = Buffer.allocUnsafe(size);
  const frames: { frame: Frame; chain: Buffer }[] = [];
  const durable = index.last.sequence;
  let position: Position = index.last;
  let offset = 0;
  for (const { lane, body, endsCommit } of events) {
    const sequence = position.sequence + 1;
    const lanes = position.lanes.map((count, i) => count + (i === lane ? 1 : 0));
    const head = {
      sequence,
      lane,
      flags: endsCommit ? ENDS_COMMIT : 0,
      lanes: lanes as unknown as LaneCounts,
      at,
      durable,
    };
    const chain = writeFrame(bytes, offset, head, body, index.seal, position.chain);
    const end = offset + FRAME_OVERHEAD + body.length;
    frames.push({ frame: { head, offset: index.end + offset, end: index.end + end }, chain });
    position = { sequence, lanes: head.lanes, chain };
    offset = end;
  }
  return { bytes, frames };
}
