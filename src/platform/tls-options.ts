import type { SecureContextOptions, TlsOptions } from 'node:tls';

/** Key and certificate of one side of a TLS connection. */
export type TlsIdentity = { readonly certPem: string; readonly keyPem: string };

/**
 * TLS 1.3's suites and the forward-secret AEAD suites of TLS 1.2 for RSA certificates (RFC 9325 §4.2).
 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** Builds the TLS options of a listening port. */
export function serverTls(identity: TlsIdentity): SecureContextOptions & TlsOptions {
  return {
    cert: identity.certPem,
    key: identity.keyPem,
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    handshakeTimeout: 10_000,
  };
}

/**
 * Builds the TLS options of a port that asks its callers for a certificate of `caPem`.
 *
 * A caller without one still gets through the handshake, because enrolment needs the same port:
 * every route must look at `socket.authorized`.
 */
export function mutualTls(identity: TlsIdentity, caPem: string): SecureContextOptions & TlsOptions {
  return { ...serverTls(identity), ca: caPem, requestCert: true, rejectUnauthorized: false };
}
