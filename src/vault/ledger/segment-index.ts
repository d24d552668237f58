import { z } from 'zod';
import {
  CLOSING,
  FRAME_OVERHEAD,
  type Frame,
  type FrameHead,
  firstSequence,
  type LaneCounts,
  lanesBefore,
  type Position,
  readFrame,
  type SegmentSeal,
  writeFrame,
} from './frame.ts';
import { HEADER_BYTES, type SegmentHeader } from './segment-header.ts';

/** A stretch of a segment: where it begins and where the ledger stood before it. */
export type Span = {
  readonly offset: number;
  readonly sequence: number;
  readonly lanes: LaneCounts;
};

/** What is kept in memory of a segment: enough to find an event without reading all before it. */
export type SegmentIndex = {
  readonly name: string;
  readonly before: Position;
  readonly seal: SegmentSeal;
  readonly spans: Span[];
  last: Position;
  /** Offset after the last event. */
  end: number;
};

/** What a closing frame says. */
export type Closing = { readonly index: SegmentIndex; readonly flags: number };

const SPAN_EVENTS = 64;
const SPAN_BYTES = 256 * 1024;
const TRAILER_MAGIC = 'ZEND';

/** Length of what ends a closed segment, bytes: offset of the closing frame, magic. */
export const TRAILER_BYTES = 8;

const ClosingBody = z.object({
  chain: z.base64(),
  spans: z.array(z.tuple([z.int(), z.int(), z.int(), z.int(), z.int()])),
});

/** Begins the index of a segment without events. */
export function createIndex(name: string, header: SegmentHeader): SegmentIndex {
  const { before, seal } = header;
  return { name, before, seal, spans: [], last: before, end: HEADER_BYTES };
}

/** Adds a durable frame to the index. */
export function noteFrame(index: SegmentIndex, frame: Frame, chain: Buffer): void {
  const { head, offset, end } = frame;
  const span = index.spans.at(-1);
  if (
    span === undefined ||
    head.sequence - span.sequence > SPAN_EVENTS ||
    end - span.offset > SPAN_BYTES
  ) {
    index.spans.push({ offset, sequence: firstSequence(head) - 1, lanes: lanesBefore(head) });
  }
  index.last = { sequence: head.sequence, lanes: head.lanes, chain };
  index.end = end;
}

/** Makes what closes a segment: its index as a sealed frame, and the trailer that points to it. */
export function encodeClosing(index: SegmentIndex, flags: number, at: number): Buffer {
  const body = Buffer.from(
    JSON.stringify({
      chain: index.last.chain.toString('base64'),
      spans: index.spans.map((span) => [span.offset, span.sequence, ...span.lanes]),
    } satisfies z.input<typeof ClosingBody>),
  );
  const { sequence, lanes, chain } = index.last;
  const head: FrameHead = {
    sequence,
    flags: flags | CLOSING,
    counts: [0, 0, 0],
    lanes,
    at,
    durable: sequence,
  };
  const bytes = Buffer.alloc(FRAME_OVERHEAD + body.length + TRAILER_BYTES);
  writeFrame(bytes, 0, head, body, index.seal, chain);
  bytes.writeUInt32BE(index.end, bytes.length - TRAILER_BYTES);
  bytes.write(TRAILER_MAGIC, bytes.length - 4, 'latin1');
  return bytes;
}

/** Reads where the trailer says that the closing frame begins; null when there is no trailer. */
export function readTrailer(trailer: Buffer): number | null {
  if (trailer.length < TRAILER_BYTES) return null;
  if (trailer.toString('latin1', trailer.length - 4) !== TRAILER_MAGIC) return null;
  return trailer.readUInt32BE(trailer.length - TRAILER_BYTES);
}

/** Reads an opened closing frame; null when its body is not an index. */
export function readClosing(
  name: string,
  header: SegmentHeader,
  frame: Frame,
  body: Buffer,
): Closing | null {
  const parsed = ClosingBody.safeParse(JSON.parse(body.toString('utf8')));
  if (!parsed.success) return null;
  const { sequence, lanes, flags } = frame.head;
  const index: SegmentIndex = {
    name,
    ...header,
    spans: parsed.data.spans.map(([offset, before, ...counts]) => ({
      offset,
      sequence: before,
      lanes: counts,
    })),
    last: { sequence, lanes, chain: Buffer.from(parsed.data.chain, 'base64') },
    end: frame.offset,
  };
  return { index, flags };
}

/** Finds the closing frame in the bytes between its offset and the trailer. */
export function closingFrame(bytes: Buffer): Frame | null {
  const frame = readFrame(bytes, 0);
  return frame !== null && isClosing(frame) ? frame : null;
}

/** Says whether a frame is the index of a closed segment. */
export function isClosing(frame: Frame): boolean {
  return (frame.head.flags & CLOSING) !== 0;
}
