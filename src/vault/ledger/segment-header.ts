import { createHash, randomBytes } from 'node:crypto';
import { BOX_OVERHEAD, deriveKey, KEY_BYTES, openBox, sealBox } from '../sealing.ts';
import { type Position, readCounts, type SegmentSeal, writeCounts } from './frame.ts';

const MAGIC = 'ZGL1';
const VERSION = 1;
const CLEAR_BYTES = 100;
const SALT_AT = 36;
const CHAIN_AT = 68;

/** Length of a segment's header, bytes; the first frame follows it. */
export const HEADER_BYTES: number = CLEAR_BYTES + BOX_OVERHEAD + KEY_BYTES;

/** A header that was read and authenticated. */
export type SegmentHeader = {
  /** Where the ledger stood before this segment: its first event is the next. */
  readonly before: Position;
  readonly seal: SegmentSeal;
};

/**
 * Makes the header of a new segment with a data key of its own.
 *
 * Layout, big-endian: magic 4, version 2, last sequence before it 6, lane sequences before it 3 × 6,
 * made at 6, salt 32, chain before it 32; then the data key sealed by the master key with all of
 * that as associated data, whose tag is the header's tag.
 *
 * @param at wall time, ms since the epoch
 */
export function createHeader(
  before: Position,
  at: number,
  wrapKey: Buffer,
): { readonly bytes: Buffer; readonly seal: SegmentSeal } {
  const clear = Buffer.alloc(CLEAR_BYTES);
  clear.write(MAGIC, 0, 'latin1');
  clear.writeUInt16BE(VERSION, 4);
  clear.writeUIntBE(before.sequence, 6, 6);
  writeCounts(clear, 12, before.lanes, 6);
  clear.writeUIntBE(at, 30, 6);
  randomBytes(CHAIN_AT - SALT_AT).copy(clear, SALT_AT);
  before.chain.copy(clear, CHAIN_AT);
  const dataKey = randomBytes(KEY_BYTES);
  const bytes = Buffer.concat([clear, sealBox(wrapKey, dataKey, clear)]);
  return { bytes, seal: sealOf(bytes, dataKey) };
}

/** Reads a header; null when it is not one, is damaged, or belongs to another master key. */
export function readHeader(buffer: Buffer, wrapKey: Buffer): SegmentHeader | null {
  const bytes = buffer.subarray(0, HEADER_BYTES);
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== MAGIC) return null;
  const clear = bytes.subarray(0, CLEAR_BYTES);
  const dataKey = openBox(wrapKey, bytes.subarray(CLEAR_BYTES), clear);
  if (dataKey === null || clear.readUInt16BE(4) !== VERSION) return null;
  const before: Position = {
    sequence: clear.readUIntBE(6, 6),
    lanes: readCounts(clear, 12, 6),
    chain: Buffer.from(clear.subarray(CHAIN_AT)),
  };
  return { before, seal: sealOf(bytes, dataKey) };
}

function sealOf(header: Buffer, dataKey: Buffer): SegmentSeal {
  const salt = header.subarray(SALT_AT, CHAIN_AT);
  return {
    frameKey: deriveKey(dataKey, 'ledger-frames', salt),
    headerDigest: createHash('sha256').update(header).digest(),
    keyId: salt.readUInt32BE(0),
  };
}
