import { createCipheriv, createDecipheriv, createHash, randomFillSync } from 'node:crypto';
import type { Lane } from '../../domain/events.ts';

/** Lanes in the order of their number on disk. */
export const LANES: readonly Lane[] = ['urgent', 'normal', 'bulk'];

/** The last sequence of each lane, in the order of `LANES`. */
export type LaneCounts = readonly [number, number, number];

/** How far a ledger has come: after which event, and the hash that stands for all before it. */
export type Position = {
  readonly sequence: number;
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
  readonly sequence: number;
  /** Number in `LANES`, or `CLOSING`. */
  readonly lane: number;
  readonly flags: number;
  /** Counts of all lanes after this frame: each frame alone says where the ledger stood. */
  readonly lanes: LaneCounts;
  readonly at: number;
  /** The last sequence that was durable when this frame was written. */
  readonly durable: number;
};

/** A frame found in a buffer; `end` is the offset after it. */
export type Frame = { readonly head: FrameHead; readonly offset: number; readonly end: number };

/** The lane number of the frame that closes a segment: an index, not an event. */
export const CLOSING = 255;
/** Flag: the last event of its commit. What follows a torn commit's frames is cut with them. */
export const ENDS_COMMIT = 1;
/** Flag of a closing frame: the ledger was stopped, it did not crash. */
export const CLEAN_STOP = 2;
/** Begins every frame: lets a reader find the next one behind damaged bytes. */
export const FRAME_MAGIC: Buffer = Buffer.from('ZGF1');
/** Longest body, bytes. */
export const MAX_BODY_BYTES: number = 16 << 20;
/** The chain before the first event. */
export const CHAIN_START: Buffer = Buffer.alloc(32);

const HEAD_BYTES = 62;
const NONCE_AT = 50;
const TAG_BYTES = 16;
const CHAIN_BYTES = 32;

/** What a frame adds to its body, bytes. */
export const FRAME_OVERHEAD: number = HEAD_BYTES + TAG_BYTES + CHAIN_BYTES;

/**
 * Writes one frame into `target` at `offset`.
 *
 * Layout, big-endian: magic 4, body length 4, sequence 6, lane 1, flags 1, lane counts 3 × 6, at 6,
 * durable 6, key id 4, nonce 12, ciphertext, GCM tag 16, SHA-256 of the previous chain and all of
 * this frame before it 32.
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
  target.writeUInt8(head.lane, offset + 14);
  target.writeUInt8(head.flags, offset + 15);
  writeLaneCounts(target, offset + 16, head.lanes);
  target.writeUIntBE(head.at, offset + 34, 6);
  target.writeUIntBE(head.durable, offset + 40, 6);
  target.writeUInt32BE(seal.keyId, offset + 46);
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
  const lane = buffer.readUInt8(offset + 14);
  if (end > buffer.length || (lane >= LANES.length && lane !== CLOSING)) return null;
  const head = {
    sequence: buffer.readUIntBE(offset + 8, 6),
    lane,
    flags: buffer.readUInt8(offset + 15),
    lanes: readLaneCounts(buffer, offset + 16),
    at: buffer.readUIntBE(offset + 34, 6),
    durable: buffer.readUIntBE(offset + 40, 6),
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
  if (buffer.readUInt32BE(offset + 46) !== seal.keyId) return null;
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

/** Writes the three lane counts, 18 bytes. */
export function writeLaneCounts(target: Buffer, offset: number, lanes: LaneCounts): void {
  for (const [lane, count] of lanes.entries()) target.writeUIntBE(count, offset + lane * 6, 6);
}

/** Reads what `writeLaneCounts` wrote. */
export function readLaneCounts(buffer: Buffer, offset: number): LaneCounts {
  const count = (lane: number): number => buffer.readUIntBE(offset + lane * 6, 6);
  return [count(0), count(1), count(2)];
}

function associatedData(buffer: Buffer, offset: number, seal: SegmentSeal): Buffer {
  return Buffer.concat([seal.headerDigest, buffer.subarray(offset, offset + HEAD_BYTES)]);
}
