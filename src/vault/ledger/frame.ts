import { createCipheriv, createDecipheriv, createHash, randomFillSync } from 'node:crypto';
import type { Lane } from '../../domain/events.ts';

/** Lanes in the order of their number on disk. */
export const LANES: readonly Lane[] = ['urgent', 'normal', 'bulk'];

/** A number for each lane, in the order of `LANES`. */
export type LaneCounts = readonly [number, number, number];

/** How far a ledger has come: after which event, and the hash that stands for all before it. */
export type Position = {
  readonly sequence: number;
  /** The last sequence of each lane. */
  readonly lanes: LaneCounts;
  readonly chain: Buffer;
};

/** What opens and seals the frames of one segment. */
export type SegmentSeal = {
  readonly frameKey: Buffer;
  /** SHA-256 of the segment's header: part of every frame's associated data. */
  readonly headerDigest: Buffer;
  readonly keyId: number;
};

/** The readable part of a frame; authenticated, so true once the body has been opened. */
export type FrameHead = {
  /** The last sequence in it. */
  readonly sequence: number;
  readonly flags: number;
  /** How many events of each lane are in it. */
  readonly counts: LaneCounts;
  /** The last sequence of each lane after it: each frame alone says where the ledger stood. */
  readonly lanes: LaneCounts;
  /** Wall time of the commit, ms since the epoch. */
  readonly at: number;
  /** The last sequence that was durable when this frame was written. */
  readonly durable: number;
};

/** A frame found in a buffer; `end` is the offset after it. */
export type Frame = { readonly head: FrameHead; readonly offset: number; readonly end: number };

/** Flag: a commit ends with this frame. What follows a torn commit's frames is cut with them. */
export const ENDS_COMMIT = 1;
/** Flag: this frame closes the segment; its body is an index, not events. */
export const CLOSING = 2;
/** Flag of a closing frame: the ledger was stopped, it did not crash. */
export const CLEAN_STOP = 4;
/** Begins every frame: lets a reader find the next one behind damaged bytes. */
export const FRAME_MAGIC: Buffer = Buffer.from('ZGF1');
/** The chain before the first event. */
export const CHAIN_START: Buffer = Buffer.alloc(32);

const KEY_ID_AT = 51;
const NONCE_AT = 55;
const HEAD_BYTES = 67;
const TAG_BYTES = 16;
const CHAIN_BYTES = 32;

/** What a frame adds to its body, bytes. */
export const FRAME_OVERHEAD: number = HEAD_BYTES + TAG_BYTES + CHAIN_BYTES;

/** The sequence of the first event in a frame. */
export function firstSequence(head: FrameHead): number {
  return head.sequence - head.counts[0] - head.counts[1] - head.counts[2] + 1;
}

/** The last sequence of each lane before a frame. */
export function lanesBefore({ lanes, counts }: FrameHead): LaneCounts {
  return [lanes[0] - counts[0], lanes[1] - counts[1], lanes[2] - counts[2]];
}

/**
 * Writes one frame into `target` at `offset`.
 *
 * Layout, big-endian: magic 4, body length 4, last sequence 6, flags 1, counts 3 × 2, lane
 * sequences 3 × 6, at 6, durable 6, key id 4, nonce 12, ciphertext, GCM tag 16, SHA-256 of the
 * previous chain and all of this frame before it 32.
 *
 * @returns the chain after it
 */
export function writeFrame(
  target: Buffer,
  offset: number,
  head: FrameHead,
  body: Uint8Array,
  seal: SegmentSeal,
  previousChain: Buffer,
): Buffer {
  FRAME_MAGIC.copy(target, offset);
  target.writeUInt32BE(body.length, offset + 4);
  target.writeUIntBE(head.sequence, offset + 8, 6);
  target.writeUInt8(head.flags, offset + 14);
  writeCounts(target, offset + 15, head.counts, 2);
  writeCounts(target, offset + 21, head.lanes, 6);
  target.writeUIntBE(head.at, offset + 39, 6);
  target.writeUIntBE(head.durable, offset + 45, 6);
  target.writeUInt32BE(seal.keyId, offset + KEY_ID_AT);
  // Random, never a counter: a restored backup would count the same numbers again.
  randomFillSync(target, offset + NONCE_AT, HEAD_BYTES - NONCE_AT);
  const bodyAt = offset + HEAD_BYTES;
  const nonce = target.subarray(offset + NONCE_AT, bodyAt);
  const cipher = createCipheriv('aes-256-gcm', seal.frameKey, nonce);
  cipher.setAAD(associatedData(target, offset, seal));
  cipher.update(body).copy(target, bodyAt);
  cipher.final();
  const tagAt = bodyAt + body.length;
  cipher.getAuthTag().copy(target, tagAt);
  const end = tagAt + TAG_BYTES + CHAIN_BYTES;
  const chain = chainOver(target, { offset, end }, previousChain);
  chain.copy(target, end - CHAIN_BYTES);
  return chain;
}

/** Reads the head of a frame; null when there is none, or not all of it. Nothing is proved yet. */
export function readFrame(buffer: Buffer, offset: number): Frame | null {
  if (buffer.length - offset < FRAME_OVERHEAD || !isFrameStart(buffer, offset)) return null;
  const end = offset + FRAME_OVERHEAD + buffer.readUInt32BE(offset + 4);
  if (end > buffer.length) return null;
  const head = {
    sequence: buffer.readUIntBE(offset + 8, 6),
    flags: buffer.readUInt8(offset + 14),
    counts: readCounts(buffer, offset + 15, 2),
    lanes: readCounts(buffer, offset + 21, 6),
    at: buffer.readUIntBE(offset + 39, 6),
    durable: buffer.readUIntBE(offset + 45, 6),
  };
  return { head, offset, end };
}

/** Says whether a frame begins here. */
export function isFrameStart(buffer: Buffer, offset: number): boolean {
  return offset + 4 <= buffer.length && buffer.readUInt32BE(offset) === FRAME_MAGIC.readUInt32BE(0);
}

/** Decrypts and authenticates a frame; null when it is not what was written. */
export function openFrame(buffer: Buffer, frame: Frame, seal: SegmentSeal): Buffer | null {
  const { offset, end } = frame;
  if (buffer.readUInt32BE(offset + KEY_ID_AT) !== seal.keyId) return null;
  const tagAt = end - CHAIN_BYTES - TAG_BYTES;
  const nonce = buffer.subarray(offset + NONCE_AT, offset + HEAD_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', seal.frameKey, nonce);
  decipher.setAAD(associatedData(buffer, offset, seal));
  decipher.setAuthTag(buffer.subarray(tagAt, tagAt + TAG_BYTES));
  try {
    const body = decipher.update(buffer.subarray(offset + HEAD_BYTES, tagAt));
    decipher.final();
    return body;
  } catch {
    return null;
  }
}

/** Computes the chain after a frame; needs no key. */
export function chainOver(
  buffer: Buffer,
  frame: Pick<Frame, 'offset' | 'end'>,
  previousChain: Buffer,
): Buffer {
  return createHash('sha256')
    .update(previousChain)
    .update(buffer.subarray(frame.offset, frame.end - CHAIN_BYTES))
    .digest();
}

/** Reads the chain that a frame says it makes. */
export function storedChain(buffer: Buffer, frame: Frame): Buffer {
  return Buffer.from(buffer.subarray(frame.end - CHAIN_BYTES, frame.end));
}

/** Writes a number of `width` bytes for each lane. */
export function writeCounts(
  target: Buffer,
  offset: number,
  counts: LaneCounts,
  width: number,
): void {
  for (const [lane, count] of counts.entries()) {
    target.writeUIntBE(count, offset + lane * width, width);
  }
}

/** Reads what `writeCounts` wrote. */
export function readCounts(buffer: Buffer, offset: number, width: number): LaneCounts {
  const count = (lane: number): number => buffer.readUIntBE(offset + lane * width, width);
  return [count(0), count(1), count(2)];
}

function associatedData(buffer: Buffer, offset: number, seal: SegmentSeal): Buffer {
  return Buffer.concat([seal.headerDigest, buffer.subarray(offset, offset + HEAD_BYTES)]);
}
