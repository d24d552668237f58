import { createPrivateKey, X509Certificate } from 'node:crypto';
import { SyncError } from '../domain/errors.ts';
import type { Enrolment } from './enrolment.ts';
import { parseEnrolmentToken } from './enrolment-token.ts';
import type { EnrolGrant } from './hq-transport.ts';
import { HttpsTransport } from './https/https-transport.ts';
import { pinAuthority } from './https/pin-authority.ts';

/** What a box says to be let in. */
export type EnrolOptions = {
  /** `https://host:port` of headquarters' collector. */
  readonly url: string;
  /** The operator's one-time token. */
  readonly token: string;
  readonly appliance: string;
  /** Where the box stands, for the fleet page. */
  readonly site: string;
  /** The enrolment to replace while the ledger stays; null for a new or emptied box. */
  readonly previous: Enrolment | null;
  readonly createSigningRequest: (
    commonName: string,
  ) => Promise<{ readonly keyPem: string; readonly csrPem: string }>;
};

/**
 * Enrols this box with headquarters; what is returned is to be stored, sealed, before it is used.
 *
 * @throws SyncError SYNC_ENROLMENT_REFUSED for a wrong, spent or expired token, SYNC_HQ_NOT_TRUSTED when
 *   the server is not the headquarters that the token names, SYNC_HQ_UNREACHABLE
 */
export async function enrol(options: EnrolOptions): Promise<Enrolment> {
  const { secret, caFingerprint } = parseEnrolmentToken(options.token);
  const caPem = await pinAuthority(options.url, caFingerprint);
  const { keyPem, csrPem } = await options.createSigningRequest(options.appliance);
  const transport = new HttpsTransport({ url: options.url, caPem, identity: null });
  const { appliance, site, previous } = options;
  try {
    const epoch = previous?.epoch ?? null;
    const grant = await transport.enrol({ secret, appliance, site, csrPem, epoch });
    const { receiptKeyPem } = grant;
    const notAfter = checkGrant(grant, caPem, keyPem);
    const { url } = options;
    return {
      url,
      appliance,
      epoch: grant.epoch,
      caPem,
      certPem: grant.certPem,
      keyPem,
      notAfter,
      receiptKeyPem,
    };
  } finally {
    transport.close();
  }
}

function checkGrant(grant: EnrolGrant, caPem: string, keyPem: string): number {
  try {
    const certificate = new X509Certificate(grant.certPem);
    const isOurs = certificate.checkPrivateKey(createPrivateKey(keyPem));
    if (isOurs && certificate.verify(new X509Certificate(caPem).publicKey)) {
      return Date.parse(certificate.validTo);
    }
  } catch (cause) {
    throw new SyncError('SYNC_ENROLMENT_REFUSED', {
      detail: "headquarters' grant holds no certificate that can be read",
      cause,
    });
  }
  throw new SyncError('SYNC_ENROLMENT_REFUSED', {
    detail: 'the certificate that headquarters granted is not for the key of this box',
  });
}
