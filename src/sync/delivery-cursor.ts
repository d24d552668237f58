import { z } from 'zod';

const LaneCursor = z.object({
  acknowledged: z.int().nonnegative(),
  duplicates: z.int().nonnegative(),
});

const Cursors = z.object({
  epoch: z.int().positive(),
  lanes: z.object({ urgent: LaneCursor, normal: LaneCursor, bulk: LaneCursor }),
  lastReceiptAt: z.number().nullable(),
});

/**
 * How far each lane was acknowledged when the box last looked.
 *
 * Only for display before headquarters has been heard: what to send is always its word.
 */
export type DeliveryCursors = z.infer<typeof Cursors>;

/** The sealed document that keeps the cursors; `sealedDocument` of the vault fits. */
export interface CursorDocument {
  read(): DeliveryCursors;
  write(cursors: DeliveryCursors): Promise<void>;
}

/** Reads stored cursors; throws when they are not that. */
export function parseDeliveryCursors(stored: unknown): DeliveryCursors {
  return Cursors.parse(stored);
}

/** Makes the cursors of a box that has sent nothing. */
export function initialDeliveryCursors(epoch = 1): DeliveryCursors {
  const none = { acknowledged: 0, duplicates: 0 };
  return {
    epoch,
    lanes: { urgent: { ...none }, normal: { ...none }, bulk: { ...none } },
    lastReceiptAt: null,
  };
}
