import {
  createPublicKey,
  generateKeyPair,
  randomBytes,
  verify as verifySignature,
} from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { InputError } from '../domain/errors.ts';

const DAY_MS = 86_400_000;
/** The CA/Browser Forum's limit for a leaf; browsers refuse longer ones. */
const LEAF_DAYS = 397;
const CA_DAYS = 3650;
/** RSA-3072 is the least RSA key of 128-bit strength (NIST SP 800-57); node-forge cannot sign with EC keys. */
const MODULUS_BITS = 3072;

/** A private key (PKCS#8 PEM) and the certificate of its public half. */
export type Identity = { readonly keyPem: string; readonly certPem: string };

/** What a leaf certificate is for. */
type LeafUse = 'server' | 'client';

const generate = promisify(generateKeyPair);

async function generateKeys(): Promise<{ keyPem: string; publicPem: string }> {
  const pair = await generate('rsa', {
    modulusLength: MODULUS_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { keyPem: pair.privateKey, publicPem: pair.publicKey };
}

function nameOf(commonName: string): forge.pki.CertificateField[] {
  return [
    { name: 'organizationName', value: 'Zhanggui' },
    // node-forge takes an ASN.1 class here; its type declaration says only that a number is allowed.
    { name: 'commonName', value: commonName, valueTagClass: forge.asn1.Type.UTF8 as number },
  ] as forge.pki.CertificateField[];
}

function blankCertificate(
  publicPem: string,
  fromAt: number,
  untilAt: number,
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicPem);
  const serial = randomBytes(16);
  // A DER integer is signed: the first bit must be clear; a leading zero byte would be a shorter number.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  certificate.serialNumber = serial.toString('hex');
  certificate.validity.notBefore = new Date(fromAt);
  certificate.validity.notAfter = new Date(untilAt);
  return certificate;
}

function unixLines(pem: string): string {
  return pem.replaceAll('\r', '');
}

function pemOf(certificate: forge.pki.Certificate): string {
  return unixLines(forge.pki.certificateToPem(certificate));
}

/**
 * Makes a certificate authority that may sign leaves only.
 *
 * @param now wall time, ms since the epoch
 */
export async function issueAuthority(commonName: string, now: number): Promise<Identity> {
  const { keyPem, publicPem } = await generateKeys();
  const fromAt = now - DAY_MS;
  const certificate = blankCertificate(publicPem, fromAt, fromAt + CA_DAYS * DAY_MS);
  certificate.setSubject(nameOf(commonName));
  certificate.setIssuer(nameOf(commonName));
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(keyPem), forge.md.sha256.create());
  return { keyPem, certPem: pemOf(certificate) };
}

function leafExtensions(
  authority: forge.pki.Certificate,
  use: LeafUse,
  names: readonly string[],
): object[] {
  const altNames = names.map((name) =>
    isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name },
  );
  return [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: use === 'server', clientAuth: use === 'client' },
    { name: 'subjectKeyIdentifier' },
    {
      name: 'authorityKeyIdentifier',
      keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes(),
    },
    ...(altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : []),
  ];
}

/** What goes into a leaf certificate. */
export type LeafRequest = {
  readonly authority: Identity;
  readonly publicPem: string;
  readonly use: LeafUse;
  readonly commonName: string;
  /** DNS names and IP addresses. */
  readonly names: readonly string[];
  /** Wall time, ms since the epoch. */
  readonly now: number;
};

/** Signs a leaf certificate that is valid for at most 397 days, and never longer than its authority. */
export function issueLeaf(request: LeafRequest): string {
  const authority = forge.pki.certificateFromPem(request.authority.certPem);
  // A day back: the clocks of small machines are late at their first start.
  const fromAt = request.now - DAY_MS;
  const untilAt = Math.min(
    fromAt + LEAF_DAYS * DAY_MS - 1000,
    authority.validity.notAfter.getTime(),
  );
  const certificate = blankCertificate(request.publicPem, fromAt, untilAt);
  certificate.setSubject(nameOf(request.commonName));
  certificate.setIssuer(authority.subject.attributes);
  certificate.setExtensions(leafExtensions(authority, request.use, request.names));
  certificate.sign(forge.pki.privateKeyFromPem(request.authority.keyPem), forge.md.sha256.create());
  return pemOf(certificate);
}

/** Makes a key and the certificate for it that `authority` signs. */
export async function issueIdentity(request: Omit<LeafRequest, 'publicPem'>): Promise<Identity> {
  const { keyPem, publicPem } = await generateKeys();
  return { keyPem, certPem: issueLeaf({ ...request, publicPem }) };
}

/** A new private key with the request (PKCS#10) to certify it. */
export type SigningRequest = { readonly keyPem: string; readonly csrPem: string };

/** Makes a key and a signing request for it, as enrolment at headquarters needs them. */
export async function createSigningRequest(commonName: string): Promise<SigningRequest> {
  const { keyPem, publicPem } = await generateKeys();
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(publicPem);
  request.setSubject(nameOf(commonName));
  request.sign(forge.pki.privateKeyFromPem(keyPem), forge.md.sha256.create());
  return { keyPem, csrPem: unixLines(forge.pki.certificationRequestToPem(request)) };
}

function refused(why: string, cause?: unknown): InputError {
  return new InputError('SYNC_ENROLMENT_REFUSED', {
    detail: `the certificate signing request ${why}; make a new one on the appliance`,
    cause,
  });
}

/**
 * Reads the public key of a signing request after checking that the sender holds its private half.
 *
 * Subject and wished-for extensions are ignored. The check runs in node:crypto: node-forge has had
 * signature forgeries.
 *
 * @returns SPKI PEM
 * @throws InputError SYNC_ENROLMENT_REFUSED
 */
export function readRequestedKey(csrPem: string): string {
  let publicPem: string;
  let signed: Buffer;
  let signature: Buffer;
  try {
    const request = forge.pki.certificationRequestFromPem(csrPem);
    publicPem = forge.pki.publicKeyToPem(request.publicKey as forge.pki.rsa.PublicKey);
    // Set by certificationRequestFromPem, which throws when it is not there.
    const body = request.certificationRequestInfo as forge.asn1.Asn1;
    signed = Buffer.from(forge.asn1.toDer(body).getBytes(), 'latin1');
    signature = Buffer.from(request.signature as string, 'latin1');
  } catch (cause) {
    throw refused('is not PKCS#10 PEM with an RSA key', cause);
  }
  const key = createPublicKey(publicPem);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MODULUS_BITS)
    throw refused(`has a key of ${bits} bits, at least ${MODULUS_BITS} are needed`);
  if (!verifySignature('sha256', signed, key, signature)) {
    throw refused('is not signed with the key that it asks for');
  }
  return publicPem;
}
