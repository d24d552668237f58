import type { Language } from '../domain/language.ts';
import type { Thresholds, Understanding } from '../domain/ports.ts';
import type { CloudEvent } from './cloud-event.ts';
import type { Receipt } from './receipt.ts';

/**
 * What became of a batch.
 *
 * `accepted`: everything up to the receipt's watermark is durable. `gap`: nothing was taken; send
 * again from after the watermark.
 */
export type SendOutcome =
  | {
      readonly kind: 'accepted';
      readonly receipt: Receipt;
      /** Events of the batch that headquarters had already. */
      readonly duplicates: number;
    }
  | { readonly kind: 'gap'; readonly receipt: Receipt };

/** A box asks to be let in. */
export type EnrolRequest = {
  /** Secret half of the one-time token. */
  readonly secret: string;
  readonly appliance: string;
  readonly site: string;
  readonly csrPem: string;
  /** The epoch to go on with when the ledger is still there; null for a new or emptied box. */
  readonly epoch: number | null;
};

/** Headquarters lets it in. */
export type EnrolGrant = {
  readonly certPem: string;
  readonly receiptKeyPem: string;
  readonly epoch: number;
};

/** An answer of headquarters' engine. */
export type CloudAnswer = Understanding & { readonly thresholds: Thresholds };

/**
 * Carries requests to headquarters and brings the answers back, parsed but not believed: whoever
 * acts on a receipt checks its signature.
 *
 * Everything throws SyncError: SYNC_HQ_UNREACHABLE when trying again may help, SYNC_HQ_REFUSED when
 * headquarters does not accept this box or is not the one that it enrolled with.
 */
export interface HqTransport {
  /**
   * @param batch events of one lane and one epoch, contiguous; at least one
   * @throws SyncError SYNC_BATCH_INVALID when headquarters cannot read it
   */
  sendBatch(batch: readonly CloudEvent[], signal: AbortSignal): Promise<SendOutcome>;
  /** Asks how far headquarters holds each lane of this box's epoch. */
  watermarks(epoch: number, signal: AbortSignal): Promise<readonly Receipt[]>;
  understand(text: string, language: Language, deadlineMs: number): Promise<CloudAnswer>;
  /** @throws SyncError SYNC_ENROLMENT_REFUSED when the token is unknown, spent or expired */
  enrol(request: EnrolRequest): Promise<EnrolGrant>;
  /** Lets go of its connections; it can be used again. */
  close(): void;
}
