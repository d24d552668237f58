import { createPrivateKey, X509Certificate } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ApplianceError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/domain/ports.ts';
import {
  ensureCertificates,
  fingerprintOf,
  signClientCertificate,
} from '../../src/platform/certificates.ts';
import { createSigningRequest, readRequestedKey } from '../../src/platform/issue-certificate.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-01T00:00:00Z');

const test = suite<{ dir: string }>('certificates');

const NAMES = ['box.example', '192.0.2.7'];
const base = await mkdtemp(join(tmpdir(), 'certificates-'));
const original = await ensureCertificates({ dir: base, names: NAMES, clock: clockAt(START) });

test.before.each(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'certificates-'));
  // RSA keys take half a second each: every test begins with a copy of the same ones.
  await cp(base, context.dir, { recursive: true });
});
test.after(() => rm(base, { recursive: true, force: true }));
test.after.each(async (context) => {
  await rm(context.dir, { recursive: true, force: true });
});

function clockAt(now: number): Clock {
  return { now: () => now, tick: () => 0, sleep: () => Promise.resolve() };
}

async function failureOf(work: Promise<unknown>): Promise<ApplianceError> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof ApplianceError))
    throw new Error(`no ApplianceError: ${String(failure)}`);
  return failure;
}

test('makes an authority and a server certificate that names the box', () => {
  const made = original;
  const leaf = new X509Certificate(made.certPem);
  const authority = new X509Certificate(made.caPem);
  assert.ok(made.renewed);
  assert.ok(leaf.verify(authority.publicKey));
  assert.ok(leaf.checkIssued(authority));
  assert.ok(leaf.checkPrivateKey(createPrivateKey(made.keyPem)));
  assert.is(leaf.publicKey.asymmetricKeyDetails?.modulusLength, 3072);
  assert.ok(authority.ca);
  assert.not(leaf.ca);
  for (const name of ['localhost', 'box.example']) assert.is(leaf.checkHost(name), name);
  for (const address of ['127.0.0.1', '::1', '192.0.2.7'])
    assert.ok(leaf.checkIP(address), address);
  assert.equal(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.is(leaf.serialNumber.length, 32);
  assert.ok(made.notAfter - Date.parse(leaf.validFrom) <= 397 * DAY_MS);
  assert.is(Math.round((Date.parse(authority.validTo) - START) / DAY_MS), 3649);
  assert.is(made.caFingerprint, fingerprintOf(made.caPem));
});

test('keeps what it has, with keys that only the owner can read', async ({ dir }) => {
  const again = await ensureCertificates({
    dir,
    names: NAMES,
    clock: clockAt(START + 300 * DAY_MS),
  });
  assert.not(again.renewed);
  assert.equal({ ...again, renewed: true }, original);
  for (const name of ['authority.pem', 'server.pem']) {
    assert.is((await stat(join(dir, name))).mode & 0o777, 0o600);
  }
  assert.equal((await readdir(dir)).sort(), ['authority.pem', 'ca.crt', 'server.pem']);
});

test('renews the server certificate in its last 30 days under the same authority', async ({
  dir,
}) => {
  const later = await ensureCertificates({
    dir,
    names: NAMES,
    clock: clockAt(START + 370 * DAY_MS),
  });
  assert.ok(later.renewed);
  assert.is(later.caPem, original.caPem);
  assert.is.not(later.keyPem, original.keyPem);
});

test('issues again when a name was added', async ({ dir }) => {
  const named = await ensureCertificates({ dir, names: ['kiosk.example'], clock: clockAt(START) });
  assert.ok(named.renewed);
  assert.is(new X509Certificate(named.certPem).checkHost('kiosk.example'), 'kiosk.example');
});

test('says which file is damaged and refuses a name that no certificate can carry', async ({
  dir,
}) => {
  const file = join(dir, 'server.pem');
  const authority = await readFile(join(dir, 'authority.pem'), 'utf8');
  const server = await readFile(file, 'utf8');
  const foreign = server.replace(
    /-----BEGIN CERT[\s\S]+/,
    authority.slice(authority.indexOf('-----BEGIN CERT')),
  );
  for (const [content, why] of [
    ['', 'does not hold'],
    [server.slice(0, -200), 'does not hold'],
    [server.replace(/MII[A-Za-z0-9+/]{8}/g, 'AAAAAAAAAAA'), 'cannot be decoded'],
    [foreign, 'does not belong'],
  ] as const) {
    await writeFile(file, content);
    const failure = await failureOf(ensureCertificates({ dir, names: [], clock: clockAt(START) }));
    assert.match(failure.message, file);
    assert.match(failure.message, why);
  }
  const failure = await failureOf(
    ensureCertificates({ dir, names: ['two words'], clock: clockAt(START) }),
  );
  assert.is(failure.code, 'CONFIG_INVALID');
  assert.match(failure.message, 'two words');
});

test('certifies the key of a signing request under our name only', async ({ dir }) => {
  const request = await createSigningRequest('i-wish-to-be-someone-else');
  const certPem = await signClientCertificate({
    dir,
    csrPem: request.csrPem,
    commonName: 'branch-1',
    clock: clockAt(START),
  });
  const certificate = new X509Certificate(certPem);
  assert.match(certificate.subject, 'CN=branch-1');
  assert.not.match(certificate.subject, 'someone-else');
  assert.ok(certificate.verify(new X509Certificate(original.caPem).publicKey));
  assert.ok(certificate.checkPrivateKey(createPrivateKey(request.keyPem)));
  assert.equal(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2']);
});

test('refuses a signing request that was changed or is none', async () => {
  const { csrPem } = await createSigningRequest('box');
  const bytes = Buffer.from(csrPem.replaceAll(/-----.*-----|\n/g, ''), 'base64');
  const at = bytes.indexOf('box');
  bytes.write('bix', at);
  const changed = `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  for (const pem of [changed, '', 'nonsense', csrPem.slice(0, 300)]) {
    assert.throws(
      () => readRequestedKey(pem),
      (error: unknown) =>
        error instanceof ApplianceError && error.code === 'SYNC_ENROLMENT_REFUSED',
    );
  }
  assert.match(readRequestedKey(csrPem), 'BEGIN PUBLIC KEY');
});

test.run();
