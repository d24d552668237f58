import { join } from 'node:path';
import type { Clock, Log } from '../domain/ports.ts';
import { ensureCertificates, signClientCertificate } from '../platform/certificates.ts';
import { createFileRoot, type FileRoot, replaceFile } from '../platform/durable-files.ts';
import { mutualTls, serverTls } from '../platform/tls-options.ts';
import { Vault } from '../vault/vault.ts';
import { Admission } from './collector/admission.ts';
import { Collector } from './collector/collector.ts';
import { createCollectorApp } from './collector/collector-app.ts';
import { EnrolmentTokens } from './collector/enrolment-tokens.ts';
import { fleetProjection } from './collector/fleet-projection.ts';
import { loadReceiptSigner } from './collector/receipt-signer.ts';
import type { Answering } from './create-answering.ts';
import type { HqEvent } from './hq-event.ts';
import { type Listener, listenHttps } from './https-listener.ts';
import { OperatorAccess } from './operator/operator-access.ts';
import { createOperatorApp } from './operator/operator-app.ts';

/** What a headquarters is made of. */
export type HeadquartersOptions = {
  readonly dataDir: string;
  /** Address of both ports. */
  readonly host: string;
  /** Port of the appliances; 0 takes any. */
  readonly port: number;
  /** Port of the operator's page; 0 takes any. */
  readonly pagePort: number;
  /** Host names and addresses for the certificate besides the machine's own. */
  readonly names: readonly string[];
  readonly pagesDir: string;
  /** Answers for appliances whose own engine is away; null for none. */
  readonly answering: Answering | null;
  readonly clock: Clock;
  readonly log: Log;
};

/** What must be said about a start. */
export type HeadquartersReport = {
  readonly port: number;
  readonly pagePort: number;
  /** Shown once, at first start. */
  readonly accessKey: string | null;
  /** File (mode 0600) with the enrolment token that first start makes; null afterwards. */
  readonly tokenFile: string | null;
  readonly keyWarning: string | null;
};

const TOKEN_FILE = 'first-enrolment-token';

/** Composition root of headquarters: collector, answering desk and fleet page in one process. */
export class Headquarters {
  readonly #options: HeadquartersOptions;
  readonly #files: FileRoot;
  readonly #vault: Vault<HqEvent>;
  readonly #tokens: EnrolmentTokens;
  readonly #access: OperatorAccess;
  readonly #listeners: Listener[] = [];
  readonly #certificateDir: string;

  constructor(options: HeadquartersOptions) {
    const { dataDir, clock, log } = options;
    this.#options = options;
    this.#files = createFileRoot(dataDir);
    this.#certificateDir = join(dataDir, 'certificates');
    this.#tokens = new EnrolmentTokens(this.#files.folder('tokens'), clock);
    this.#access = new OperatorAccess(this.#files.folder('operator'), clock);
    this.#vault = new Vault<HqEvent>({
      files: this.#files.folder('vault'),
      masterKey: { from: 'file', path: join(dataDir, 'master.key'), createIfMissing: true },
      clock,
      log,
      laneOf: () => 'normal',
    });
  }

  /** Opens both ports when everything that was received before is there again. */
  async start(signal: AbortSignal): Promise<HeadquartersReport> {
    const fleet = this.#vault.documents.project(fleetProjection);
    await this.#vault.start(signal);
    try {
      const { names, log, clock, answering, pagesDir } = this.#options;
      const understander = answering?.understander ?? null;
      // Loads in the background: events are taken meanwhile.
      await answering?.part.start(signal);
      const dir = this.#certificateDir;
      const certificates = await ensureCertificates({ dir, names, clock });
      const signer = await loadReceiptSigner(this.#files);
      const accessKey = await this.#access.makeFirstKey();
      const { ledger } = this.#vault;
      const admission = new Admission({
        tokens: this.#tokens,
        ledger,
        fleet,
        receiptKeyPem: signer.publicKeyPem,
        signClient: (csrPem, commonName) =>
          signClientCertificate({ dir, csrPem, commonName, clock }),
      });
      const collector = new Collector({ ledger, fleet, signer });
      const isReady = (): Promise<boolean> => ledger.probe();
      const port = await this.#listen(
        createCollectorApp({ collector, admission, fleet, understander, isReady, log }),
        this.#options.port,
        mutualTls(certificates, certificates.caPem),
      );
      const pagePort = await this.#listen(
        createOperatorApp({ access: this.#access, fleet, ledger, pagesDir, log }),
        this.#options.pagePort,
        serverTls(certificates),
      );
      const tokenFile = accessKey === null ? null : await this.#writeFirstToken();
      const { keyWarning } = this.#vault.report();
      return { port, pagePort, accessKey, tokenFile, keyWarning };
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Closes the ports, then the ledger. */
  async stop(): Promise<void> {
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.close()));
    await this.#options.answering?.part.stop();
    await this.#vault.stop();
  }

  /**
   * Makes a one-time enrolment token; also while another process runs this headquarters.
   *
   * @param appliance the only one it lets in, and lets in again; null for any new one
   */
  async makeToken(appliance: string | null): Promise<string> {
    const { names, clock } = this.#options;
    const dir = this.#certificateDir;
    const { caFingerprint } = await ensureCertificates({ dir, names, clock });
    return `${await this.#tokens.make(appliance)}.${caFingerprint}`;
  }

  /** Replaces the operator's access key. */
  resetAccessKey(): Promise<string> {
    return this.#access.resetKey();
  }

  async #writeFirstToken(): Promise<string> {
    await replaceFile(this.#files, TOKEN_FILE, Buffer.from(`${await this.makeToken(null)}\n`));
    return join(this.#options.dataDir, TOKEN_FILE);
  }

  async #listen(
    app: Parameters<typeof listenHttps>[0],
    port: number,
    tls: ReturnType<typeof serverTls>,
  ): Promise<number> {
    const listener = await listenHttps(app, { host: this.#options.host, port, tls });
    this.#listeners.push(listener);
    return listener.port;
  }
}
