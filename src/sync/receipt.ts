import { verify } from 'node:crypto';
import { z } from 'zod';
import { SyncError } from '../domain/errors.ts';
import type { Lane } from '../domain/events.ts';

/** Shape of a receipt as headquarters sends it. */
export const ReceiptSchema = z.object({
  appliance: z.string(),
  epoch: z.int().positive(),
  lane: z.enum(['urgent', 'normal', 'bulk']),
  watermark: z.int().nonnegative(),
  head: z.string().nullable(),
  signature: z.base64(),
});

/** Headquarters' signed word on how far it holds a lane, without gaps. */
export type Receipt = {
  readonly appliance: string;
  readonly epoch: number;
  readonly lane: Lane;
  /** The last lane sequence up to which everything is durable at headquarters; 0 for nothing. */
  readonly watermark: number;
  /** Stands for the event at `watermark`; null when there is none. */
  readonly head: string | null;
  /** Ed25519 over the other fields, base64. */
  readonly signature: string;
};

/** Writes down what a receipt's signature covers. */
export function signedText(receipt: Omit<Receipt, 'signature'>): Buffer {
  const { appliance, epoch, lane, watermark, head } = receipt;
  return Buffer.from(
    ['zhanggui-receipt-v1', appliance, epoch, lane, watermark, head ?? ''].join('\n'),
  );
}

/**
 * Checks that a receipt is headquarters' own and about this lane.
 *
 * @param keyPem headquarters' Ed25519 public key, learnt at enrolment
 * @throws SyncError SYNC_RECEIPT_INVALID
 */
export function checkReceipt(
  receipt: Receipt,
  expected: { readonly appliance: string; readonly epoch: number; readonly lane: Lane },
  keyPem: string,
): void {
  const isOurs =
    receipt.appliance === expected.appliance &&
    receipt.epoch === expected.epoch &&
    receipt.lane === expected.lane;
  if (!isOurs) {
    const asked = `${expected.appliance}:${expected.epoch}:${expected.lane}`;
    const got = `${receipt.appliance}:${receipt.epoch}:${receipt.lane}`;
    throw invalid(`is for ${got} where ${asked} was asked`);
  }
  if (!verify(null, signedText(receipt), keyPem, Buffer.from(receipt.signature, 'base64'))) {
    throw invalid("is not signed with headquarters' key: enrol again if headquarters was rebuilt");
  }
}

function invalid(why: string): SyncError {
  return new SyncError('SYNC_RECEIPT_INVALID', { detail: `the receipt ${why}` });
}
