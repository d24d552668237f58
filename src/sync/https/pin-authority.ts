import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { SyncError } from '../../domain/errors.ts';

const TIMEOUT_MS = 10_000;

/**
 * Fetches headquarters' authority on the first connection and accepts it only by its fingerprint.
 *
 * Nothing is sent: whether the server really holds a certificate of that authority is left to the
 * TLS verification of the connection that follows.
 *
 * @returns the authority's certificate, PEM
 * @throws SyncError SYNC_HQ_NOT_TRUSTED when the server shows another authority, SYNC_HQ_UNREACHABLE
 */
export async function pinAuthority(url: string, caFingerprint: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({
    host,
    port: Number(port || 443),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: false,
  });
  try {
    await untilSecure(socket, url);
    const found = findByFingerprint(socket.getPeerCertificate(true), caFingerprint);
    if (found !== null) return found;
  } finally {
    socket.destroy();
  }
  throw new SyncError('SYNC_HQ_NOT_TRUSTED', {
    detail: `${url} does not show the authority ${caFingerprint} that the token names: check the address, or ask headquarters for a new token`,
  });
}

function untilSecure(socket: TLSSocket, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: NodeJS.ErrnoException): void => {
      const why = cause?.code ?? `no answer within ${TIMEOUT_MS} ms`;
      reject(new SyncError('SYNC_HQ_UNREACHABLE', { detail: `${url}: ${why}`, cause }));
    };
    socket.once('secureConnect', resolve).once('error', fail);
    socket.setTimeout(TIMEOUT_MS, fail);
  });
}

function findByFingerprint(leaf: DetailedPeerCertificate, fingerprint: string): string | null {
  const seen = new Set<DetailedPeerCertificate>();
  let certificate: DetailedPeerCertificate | undefined = leaf;
  // A self-signed certificate is its own issuer.
  while (certificate?.raw !== undefined && !seen.has(certificate)) {
    seen.add(certificate);
    const digest = createHash('sha256').update(certificate.raw).digest('hex');
    if (digest === fingerprint) return new X509Certificate(certificate.raw).toString();
    certificate = certificate.issuerCertificate;
  }
  return null;
}
