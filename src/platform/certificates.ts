import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ConfigError, StorageError } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import { createFileRoot, type FileRoot, replaceFile } from './durable-files.ts';
import {
  type Identity,
  issueAuthority,
  issueIdentity,
  issueLeaf,
  readRequestedKey,
} from './issue-certificate.ts';

const DAY_MS = 86_400_000;
const RENEW_BEFORE_MS = 30 * DAY_MS;
const AUTHORITY_FILE = 'authority.pem';
const SERVER_FILE = 'server.pem';
const ALWAYS_NAMED = ['localhost', '127.0.0.1', '::1'];
const NAME =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$|^[0-9A-Fa-f:.]+$/;

/** Where the certificates live and whom they name. */
export type CertificateOptions = {
  /** Folder of `authority.pem` and `server.pem` (keys), and of `ca.crt`, which IT installs in browsers. */
  readonly dir: string;
  /** DNS names and addresses besides localhost, the loop-back addresses and the host's own name. */
  readonly names: readonly string[];
  readonly clock: Clock;
};

/** What a TLS server needs. */
export type Certificates = {
  readonly caPem: string;
  /** SHA-256 of the authority's certificate, 64 lower-case hex digits. */
  readonly caFingerprint: string;
  /** The server's certificate followed by its authority's. */
  readonly certPem: string;
  readonly keyPem: string;
  /** Wall time at which the server's certificate expires, ms since the epoch. */
  readonly notAfter: number;
  /** True when a certificate was made or replaced. */
  readonly renewed: boolean;
};

/** Computes the SHA-256 fingerprint of a PEM certificate as 64 lower-case hex digits. */
export function fingerprintOf(certPem: string): string {
  return new X509Certificate(certPem).fingerprint256.replaceAll(':', '').toLowerCase();
}

type Folder = { readonly path: string; readonly files: FileRoot };

function openFolder(path: string): Folder {
  return { path, files: createFileRoot(path) };
}

function damaged(file: string, why: string, cause?: unknown): StorageError {
  return new StorageError('TLS_CERTIFICATE_UNREADABLE', {
    detail: `${file} ${why}: restore it from a backup, or move it away and start again to have a new one made`,
    cause,
  });
}

function parseIdentity(file: string, text: string): Identity {
  const keyPem = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----\n?/.exec(text)?.[0];
  const certPem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/.exec(text)?.[0];
  if (keyPem === undefined || certPem === undefined) {
    throw damaged(file, 'does not hold a private key and a certificate');
  }
  let matches: boolean;
  try {
    matches = new X509Certificate(certPem).checkPrivateKey(createPrivateKey(keyPem));
  } catch (cause) {
    throw damaged(file, 'holds a key or a certificate that cannot be decoded', cause);
  }
  if (!matches) throw damaged(file, 'holds a key that does not belong to its certificate');
  return { keyPem, certPem };
}

/** One file holds both halves: a power cut can never leave a key beside another key's certificate. */
async function readIdentity(folder: Folder, name: string): Promise<Identity | null> {
  const file = join(folder.path, name);
  const bytes = await folder.files.readAll(name).catch((cause: unknown) => {
    throw damaged(file, 'cannot be read (check owner and mode 0600)', cause);
  });
  return bytes === null ? null : parseIdentity(file, bytes.toString('utf8'));
}

async function save(folder: Folder, name: string, pem: string): Promise<void> {
  await replaceFile(folder.files, name, Buffer.from(pem));
}

function isFresh(certPem: string, now: number): boolean {
  const certificate = new X509Certificate(certPem);
  const untilAt = Date.parse(certificate.validTo);
  return Date.parse(certificate.validFrom) <= now && now + RENEW_BEFORE_MS < untilAt;
}

async function ensureAuthority(folder: Folder, now: number): Promise<Identity> {
  const stored = await readIdentity(folder, AUTHORITY_FILE);
  if (stored !== null && isFresh(stored.certPem, now)) return stored;
  const made = await issueAuthority(`Zhanggui CA ${randomBytes(4).toString('hex')}`, now);
  await save(folder, AUTHORITY_FILE, made.keyPem + made.certPem);
  return made;
}

function isGood(
  leaf: Identity,
  authority: Identity,
  names: readonly string[],
  now: number,
): boolean {
  const certificate = new X509Certificate(leaf.certPem);
  if (!isFresh(leaf.certPem, now)) return false;
  if (!certificate.verify(new X509Certificate(authority.certPem).publicKey)) return false;
  const isNamed = (name: string): boolean =>
    (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
  return names.every(isNamed);
}

function allNames(names: readonly string[]): string[] {
  for (const name of names) {
    if (!NAME.test(name)) {
      throw new ConfigError('CONFIG_INVALID', {
        detail: `"${name}" is neither a host name nor an IP address: correct the configured names of the certificate`,
      });
    }
  }
  const own = NAME.test(hostname()) ? [hostname()] : [];
  return [...new Set([...ALWAYS_NAMED, ...own, ...names])];
}

/**
 * Makes the box's own authority and server certificate at first start and renews them later.
 *
 * A server certificate is replaced when fewer than 30 days remain, when it does not name everything
 * in `names`, or when the clock is outside its validity.
 *
 * @throws StorageError TLS_CERTIFICATE_UNREADABLE naming the file that is damaged
 * @throws ConfigError CONFIG_INVALID for a name that no certificate can carry
 */
export async function ensureCertificates(options: CertificateOptions): Promise<Certificates> {
  const now = options.clock.now();
  const names = allNames(options.names);
  const folder = openFolder(options.dir);
  await folder.files.make();
  const authority = await ensureAuthority(folder, now);
  const stored = await readIdentity(folder, SERVER_FILE);
  const keep = stored !== null && isGood(stored, authority, names, now);
  const commonName = options.names[0] ?? 'localhost';
  const leaf = keep
    ? stored
    : await issueIdentity({ authority, use: 'server', commonName, names, now });
  if (!keep) {
    await save(folder, 'ca.crt', authority.certPem);
    await save(folder, SERVER_FILE, leaf.keyPem + leaf.certPem);
  }
  return {
    caPem: authority.certPem,
    caFingerprint: fingerprintOf(authority.certPem),
    certPem: `${leaf.certPem}${authority.certPem}`,
    keyPem: leaf.keyPem,
    notAfter: Date.parse(new X509Certificate(leaf.certPem).validTo),
    renewed: !keep,
  };
}

/**
 * Certifies the key of a signing request as a TLS client under a name that we choose.
 *
 * @returns the client's certificate, PEM
 * @throws InputError SYNC_ENROLMENT_REFUSED when the request is not signed with its own key
 * @throws StorageError TLS_CERTIFICATE_UNREADABLE when the authority in `dir` is missing or damaged
 */
export async function signClientCertificate(request: {
  readonly dir: string;
  readonly csrPem: string;
  readonly commonName: string;
  readonly clock: Clock;
}): Promise<string> {
  const publicPem = readRequestedKey(request.csrPem);
  const folder = openFolder(request.dir);
  const authority = await readIdentity(folder, AUTHORITY_FILE);
  if (authority === null) throw damaged(join(request.dir, AUTHORITY_FILE), 'does not exist');
  return issueLeaf({
    authority,
    publicPem,
    use: 'client',
    commonName: request.commonName,
    names: [],
    now: request.clock.now(),
  });
}
