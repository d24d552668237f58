import { readFile } from 'node:fs/promises';
import type { ErrorCode } from '../domain/error-catalogue.ts';
import { ApplianceError, SyncError } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';
import type { Part } from '../domain/part.ts';
import type { Clock, CloudUnderstander, LaneReader, Ledger, Log } from '../domain/ports.ts';
import { Delivery, type DeliveryState } from './delivery.ts';
import type { CursorDocument } from './delivery-cursor.ts';
import { type EnrolOptions, enrol } from './enrol.ts';
import type { Enrolment, StoredEnrolment } from './enrolment.ts';
import type { CloudAnswer } from './hq-transport.ts';
import { HttpsTransport } from './https/https-transport.ts';
import { retryDelayMs } from './retry-delay.ts';

/** The sealed document that keeps the enrolment. */
export interface EnrolmentDocument {
  read(): StoredEnrolment;
  write(record: StoredEnrolment): Promise<void>;
}

/** What the connection needs. */
export type HqConnectionOptions = {
  /** `https://host:port`; null: this box has no headquarters. */
  readonly url: string | null;
  /** File with a one-time token; read only while the box is not enrolled. */
  readonly tokenFile: string | null;
  readonly appliance: string;
  readonly site: string;
  readonly document: EnrolmentDocument;
  readonly cursors: CursorDocument;
  readonly ledger: Pick<Ledger, 'subscribe'>;
  readonly reader: LaneReader;
  readonly createSigningRequest: EnrolOptions['createSigningRequest'];
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
};

type Link = { readonly delivery: Delivery; readonly transport: HttpsTransport };

/** This box's line to headquarters: enrols once, then delivers, and asks it when the box cannot answer. */
export class HqConnection implements Part, CloudUnderstander {
  readonly name = 'headquarters';
  readonly vital = false;
  readonly #options: HqConnectionOptions;
  #stop = new AbortController();
  #linking: Promise<void> = Promise.resolve();
  #link: Link | null = null;
  #lastError: ErrorCode | null = null;

  constructor(options: HqConnectionOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stop = new AbortController();
    // Customers are answered meanwhile: headquarters may be away for a month.
    if (this.#options.url !== null)
      this.#linking = this.#linkUp(this.#options.url, this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#linking;
    await this.#link?.delivery.stop();
  }

  isConfigured(): boolean {
    return this.#options.url !== null;
  }

  /** How delivery stands; before enrolment nothing is acknowledged. */
  state(): DeliveryState {
    if (this.#link) return this.#link.delivery.deliveryState();
    const { reader } = this.#options;
    const lanes = (['urgent', 'normal', 'bulk'] as const).map((lane) => {
      const committed = reader.lastInLane(lane);
      return { lane, committed, acknowledged: 0, lag: committed, duplicates: 0, blockedBy: null };
    });
    return { lanes, reachable: false, lastReceiptAt: null, lastError: this.#lastError };
  }

  understand(text: string, language: Language, deadlineMs: number): Promise<CloudAnswer> {
    if (this.#link) return this.#link.transport.understand(text, language, deadlineMs);
    throw new SyncError('SYNC_HQ_UNREACHABLE', {
      detail: 'this box is not enrolled with headquarters yet',
    });
  }

  async #linkUp(url: string, signal: AbortSignal): Promise<void> {
    const { clock, log, random } = this.#options;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        this.#link = await this.#open(await this.#enrolled(url), signal);
        return;
      } catch (error) {
        const known = error instanceof ApplianceError ? error : null;
        this.#lastError = known?.code ?? 'INTERNAL_UNEXPECTED';
        log.warn('this box could not enrol with headquarters', { reason: String(error) });
        // What a retry cannot mend waits for a person: ask rarely.
        const pauseMs = retryDelayMs(known?.retryable ? failures : 7, random());
        await clock.sleep(pauseMs, signal).catch(() => undefined);
      }
    }
  }

  async #enrolled(url: string): Promise<Enrolment> {
    const { document, tokenFile, appliance, site, createSigningRequest, log } = this.#options;
    const previous = document.read().current;
    if (previous !== null && previous.url === url) return previous;
    if (tokenFile === null) {
      throw new SyncError('SYNC_ENROLMENT_REFUSED', {
        detail: `this box is not enrolled with ${url} and was given no token; set ZHANGGUI_HQ_TOKEN_FILE`,
      });
    }
    const token = await readFile(tokenFile, 'utf8').catch((cause: unknown) => {
      throw new SyncError('SYNC_ENROLMENT_REFUSED', {
        detail: `the enrolment token in ${tokenFile} cannot be read; ask headquarters for a new one`,
        cause,
      });
    });
    const enrolment = await enrol({
      ...{ url, token: token.trim(), appliance, site, createSigningRequest },
      previous,
    });
    await document.write({ current: enrolment });
    log.info('this box is enrolled with headquarters', { url, appliance, epoch: enrolment.epoch });
    return enrolment;
  }

  async #open(enrolment: Enrolment, signal: AbortSignal): Promise<Link> {
    const { url, appliance, epoch, caPem, receiptKeyPem, certPem, keyPem } = enrolment;
    const transport = new HttpsTransport({ url, caPem, identity: { certPem, keyPem } });
    const delivery = new Delivery({ ...this.#options, appliance, epoch, receiptKeyPem, transport });
    await delivery.start(signal);
    return { delivery, transport };
  }
}
