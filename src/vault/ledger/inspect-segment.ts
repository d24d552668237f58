import {
  CHAIN_START,
  chainOver,
  type Frame,
  firstSequence,
  type Position,
  readFrame,
  storedChain,
} from './frame.ts';
import { HEADER_BYTES, type SegmentHeader } from './segment-header.ts';
import {
  type Closing,
  createIndex,
  isClosing,
  noteFrame,
  readClosing,
  readTrailer,
  type SegmentIndex,
  TRAILER_BYTES,
} from './segment-index.ts';
import {
  cutTornTail,
  followChain,
  type LinkedFrame,
  type OpenedFrame,
  openFrames,
  sortFrames,
} from './segment-walk.ts';

/** Something in the ledger that is not as it was written. */
export type LedgerProblem = {
  /** Name of the file. */
  readonly segment: string;
  /** First and last affected sequence; null when no event is affected. */
  readonly from: number | null;
  readonly to: number | null;
  readonly what: string;
};

/** What a segment really holds. */
export type Inspection = {
  /** Null when its header cannot be read. */
  readonly index: SegmentIndex | null;
  /** Flags of the closing frame; null when the segment was not closed. */
  readonly closedWith: number | null;
  /** Bytes behind the last event that are neither zeros nor a closing frame. */
  readonly tailBytes: number;
  readonly events: number;
  readonly problems: readonly LedgerProblem[];
};

/** Where a segment must end, as far as the next one says. */
export type SegmentLimit = {
  /** The last sequence that may be in it; what lies beyond was never acknowledged. */
  readonly sequence: number;
  /** The same with lanes and chain; null when the next header cannot be read. */
  readonly position: Position | null;
};

/**
 * Reads a whole segment: every tag, every link of the chain, every sequence.
 *
 * @param limit null for the last segment
 */
export function inspectSegment(
  name: string,
  buffer: Buffer,
  header: SegmentHeader,
  limit: SegmentLimit | null,
): Inspection {
  const { events, closing } = sortFrames(openFrames(buffer, HEADER_BYTES, header.seal));
  const closed = closing && readClosing(name, header, closing.frame, closing.body);
  const until = limit?.position ?? closed?.index.last ?? null;
  const lastSequence = limit?.sequence ?? until?.sequence ?? null;
  const start = { chain: header.before.chain, end: HEADER_BYTES };
  const linked = followChain(buffer, start, events);
  const kept =
    lastSequence === null
      ? cutTornTail(linked, header.before.sequence)
      : linked.filter(({ frame }) => frame.head.sequence <= lastSequence);
  const index = createIndex(name, header);
  const problems = [
    ...fillIndex(index, kept),
    ...closingProblems(name, buffer, index, closing, closed),
  ];
  if (until !== null && until.sequence > index.last.sequence) {
    problems.push(lost(name, index.last.sequence + 1, until.sequence));
  }
  if (until !== null) index.last = until;
  return {
    index,
    closedWith: closed?.flags ?? null,
    tailBytes: closed === null ? countTail(buffer, index.end) : 0,
    events: kept.reduce((sum, { frame }) => sum + countEvents(frame), 0),
    problems,
  };
}

/** Fills the index and checks that each frame follows the one before it. */
function fillIndex(index: SegmentIndex, frames: readonly LinkedFrame[]): LedgerProblem[] {
  const problems: LedgerProblem[] = [];
  for (const { frame, chain, links } of frames) {
    const from = firstSequence(frame.head);
    const expected = index.last.sequence + 1;
    if (from > expected) problems.push(lost(index.name, expected, from - 1));
    if (!links) {
      const what = 'the hash chain does not link here';
      problems.push({ segment: index.name, from, to: frame.head.sequence, what });
    }
    noteFrame(index, frame, chain);
  }
  return problems;
}

function closingProblems(
  name: string,
  buffer: Buffer,
  index: SegmentIndex,
  opened: OpenedFrame | null,
  closed: Closing | null,
): LedgerProblem[] {
  const trailer = readTrailer(buffer.subarray(-TRAILER_BYTES));
  const problem = (what: string): LedgerProblem[] => [
    { segment: name, from: null, to: null, what },
  ];
  if (opened === null || closed === null) {
    return trailer === null ? [] : problem('the closing index is damaged');
  }
  const { frame } = opened;
  if (trailer !== frame.offset || buffer.length !== frame.end + TRAILER_BYTES) {
    return problem('the end of the closed segment is damaged');
  }
  const links = chainOver(buffer, frame, closed.index.last.chain).equals(
    storedChain(buffer, frame),
  );
  const follows = frame.offset === index.end;
  const isSame = !follows || closed.index.last.chain.equals(index.last.chain);
  return links && isSame ? [] : problem('the hash chain does not link to the closing index');
}

function countEvents({ head }: Frame): number {
  return head.sequence - firstSequence(head) + 1;
}

function countTail(buffer: Buffer, end: number): number {
  let last = buffer.length;
  while (last > end && buffer[last - 1] === 0) last--;
  return last - end;
}

function lost(segment: string, from: number, to: number): LedgerProblem {
  return { segment, from, to, what: 'these events cannot be read' };
}

/**
 * Finds out without any key where a segment ends whose header is damaged: the hash chain needs none.
 *
 * @returns null when damage behind the header leaves that open
 */
export function findKeylessEnd(buffer: Buffer, before: Position): Position | null {
  let position = before;
  let offset = HEADER_BYTES;
  for (;;) {
    const frame = readFrame(buffer, offset);
    if (frame === null) return countTail(buffer, offset) === 0 ? position : null;
    const chain = chainOver(buffer, frame, position.chain);
    if (!chain.equals(storedChain(buffer, frame))) return null;
    if (isClosing(frame)) return position;
    position = { sequence: frame.head.sequence, lanes: frame.head.lanes, chain };
    offset = frame.end;
  }
}

/** Where an empty ledger stands. */
export const ORIGIN: Position = { sequence: 0, lanes: [0, 0, 0], chain: CHAIN_START };
