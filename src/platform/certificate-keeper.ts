import type { Part } from '../domain/part.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { repeatEvery } from '../domain/repeat-every.ts';
import { type CertificateOptions, type Certificates, ensureCertificates } from './certificates.ts';
import { serverTls } from './tls-options.ts';

/** What keeping a certificate fresh needs. */
export type CertificateKeeperOptions = CertificateOptions & {
  readonly clock: Clock;
  readonly log: Log;
  /** Hears when a certificate was replaced while the box runs. */
  readonly onRenewed: () => void;
};

const CHECK_EVERY_MS = 12 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Holds the box's certificate and renews it long before it expires, without a restart. */
export class CertificateKeeper implements Part {
  readonly name = 'certificates';
  readonly vital = true;
  readonly #options: CertificateKeeperOptions;
  #certificates: Certificates | null = null;
  #stop = new AbortController();
  #keeping: Promise<void> = Promise.resolve();

  constructor(options: CertificateKeeperOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stop = new AbortController();
    this.#certificates = await ensureCertificates(this.#options);
    const { clock, log } = this.#options;
    this.#keeping = repeatEvery(
      clock,
      CHECK_EVERY_MS,
      this.#stop.signal,
      () => this.#renewWhenDue(),
      (error) => log.error('the certificate could not be renewed', { error }),
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#keeping;
  }

  /** TLS options for the listening port. */
  tls(): ReturnType<typeof serverTls> {
    if (this.#certificates === null) throw new TypeError('the certificates are not there yet');
    return serverTls(this.#certificates);
  }

  /** Whole days until the certificate expires; null before the start. */
  daysLeft(): number | null {
    if (this.#certificates === null) return null;
    return Math.floor((this.#certificates.notAfter - this.#options.clock.now()) / DAY_MS);
  }

  async #renewWhenDue(): Promise<void> {
    const checked = await ensureCertificates(this.#options);
    this.#certificates = checked;
    if (checked.renewed) this.#options.onRenewed();
  }
}
