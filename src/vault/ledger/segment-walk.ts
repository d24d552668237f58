import {
  chainOver,
  ENDS_COMMIT,
  FRAME_MAGIC,
  type Frame,
  firstSequence,
  isFrameStart,
  openFrame,
  readFrame,
  type SegmentSeal,
  storedChain,
} from './frame.ts';
import { isClosing } from './segment-index.ts';

/** A frame whose body was opened: everything it says is true. */
export type OpenedFrame = { readonly frame: Frame; readonly body: Buffer };

/**
 * Walks the authentic frames of a part of a segment, over damaged bytes to the next whole frame.
 *
 * @param lane when given, frames without events of it are stepped over without being opened
 */
export function* openFrames(
  buffer: Buffer,
  start: number,
  seal: SegmentSeal,
  lane?: 0 | 1 | 2,
): Generator<OpenedFrame> {
  for (let offset = start; offset >= 0 && offset < buffer.length; ) {
    const step = stepFrom(buffer, offset, seal, lane);
    if (step.opened !== null) yield step.opened;
    offset = step.next;
  }
}

/** `next` is negative when no further frame begins in the buffer. */
function stepFrom(
  buffer: Buffer,
  offset: number,
  seal: SegmentSeal,
  lane: 0 | 1 | 2 | undefined,
): { readonly opened: OpenedFrame | null; readonly next: number } {
  const frame = readFrame(buffer, offset);
  if (frame !== null && canSkip(buffer, frame, lane)) return { opened: null, next: frame.end };
  const body = frame && openFrame(buffer, frame, seal);
  if (frame === null || body === null) {
    return { opened: null, next: buffer.indexOf(FRAME_MAGIC, offset + 1) };
  }
  const isWanted = holdsLane(frame, lane);
  return { opened: isWanted ? { frame, body } : null, next: frame.end };
}

/** An unproved length is believed only when it leads to the next frame. */
function canSkip(buffer: Buffer, frame: Frame, lane: 0 | 1 | 2 | undefined): boolean {
  if (holdsLane(frame, lane)) return false;
  return frame.end === buffer.length || isFrameStart(buffer, frame.end);
}

/** A frame with the chain up to it. */
export type LinkedFrame = {
  readonly frame: Frame;
  readonly chain: Buffer;
  /** False when the chain that is stored in it is another. */
  readonly links: boolean;
};

/** Follows the hash chain; behind damaged bytes it can only be taken up again, not checked. */
export function followChain(
  buffer: Buffer,
  start: { readonly chain: Buffer; readonly end: number },
  frames: readonly Frame[],
): readonly LinkedFrame[] {
  let { chain, end } = start;
  return frames.map((frame) => {
    const stored = storedChain(buffer, frame);
    chain = frame.offset === end ? chainOver(buffer, frame, chain) : stored;
    end = frame.end;
    return { frame, chain, links: chain.equals(stored) };
  });
}

/**
 * Drops what a crash left behind the last acknowledged event, as whole commits.
 *
 * Each frame says what was durable before it: that proves which events were acknowledged. After
 * them only whole commits without a gap are kept: a frame of a group that was never synced may be
 * missing while a later one is there.
 */
export function cutTornTail(
  events: readonly LinkedFrame[],
  before: number,
): readonly LinkedFrame[] {
  const proven = events.reduce((most, { frame }) => Math.max(most, frame.head.durable), before);
  const known = events.findLastIndex(({ frame }) => frame.head.sequence <= proven) + 1;
  let last = events[known - 1]?.frame.head.sequence ?? before;
  // The last acknowledged event itself is damaged: only the frames behind it still say where the
  // ledger stood, so none of them is dropped.
  if (last !== proven) return events;
  let whole = known;
  for (const [i, { frame, links }] of events.entries()) {
    if (i < known) continue;
    if (!links || firstSequence(frame.head) !== last + 1) break;
    last = frame.head.sequence;
    if ((frame.head.flags & ENDS_COMMIT) !== 0) whole = i + 1;
  }
  return events.slice(0, whole);
}

function holdsLane(frame: Frame, lane: 0 | 1 | 2 | undefined): boolean {
  return lane === undefined || frame.head.counts[lane] > 0;
}

/** Splits frames into the events, in rising order, and the closing frame. */
export function sortFrames(found: Iterable<OpenedFrame>): {
  readonly events: readonly Frame[];
  readonly closing: OpenedFrame | null;
} {
  const events: Frame[] = [];
  let closing: OpenedFrame | null = null;
  for (const opened of found) {
    if (isClosing(opened.frame)) closing = opened;
    else if (opened.frame.head.sequence > (events.at(-1)?.head.sequence ?? 0)) {
      events.push(opened.frame);
    }
  }
  return { events, closing };
}
