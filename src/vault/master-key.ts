import { randomBytes, scrypt } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { StorageError } from '../domain/errors.ts';
import { createFileRoot, type FileRoot, replaceFile } from '../platform/durable-files.ts';
import { deriveKey, KEY_BYTES, openBox, sealBox } from './sealing.ts';

/** Where the master key comes from. A `value` or a key file holds 32 bytes in base64 or hexadecimal. */
export type MasterKeySource =
  | { readonly from: 'passphrase'; readonly passphrase: string }
  | { readonly from: 'value'; readonly value: string }
  | { readonly from: 'file'; readonly path: string; readonly createIfMissing: boolean };

/** The master key, and what the person at the console must be told about it. */
export type LoadedMasterKey = { readonly key: Buffer; readonly warning: string | null };

/** The folder that the ledger has in the vault's. */
export const LEDGER_FOLDER = 'ledger';

const CHECK_FILE = 'master-key.json';
const CHECK_TEXT = Buffer.from('zhanggui master key');
// 32 MiB and three passes: the OWASP equivalent of N=2^17, p=1, without its 128 MiB.
const SCRYPT = { N: 2 ** 15, r: 8, p: 3 };

const StoredCheck = z.object({
  version: z.literal(1),
  /** Salt of the passphrase, base64; null for a key that needs none. */
  salt: z.string().nullable(),
  /** A known text sealed with the master key, base64. */
  check: z.string(),
});
type StoredCheck = z.infer<typeof StoredCheck>;

/**
 * Loads the master key and proves that it is the one that this folder was sealed with.
 *
 * The first call in an empty folder stores a sealed check value; a key file that is missing is made
 * only then.
 *
 * @throws StorageError VAULT_KEY_UNREADABLE, or VAULT_KEY_WRONG before anything else is touched
 */
export async function loadMasterKey(
  files: FileRoot,
  source: MasterKeySource,
): Promise<LoadedMasterKey> {
  const stored = await readCheck(files);
  const salt = stored === null ? randomBytes(16) : Buffer.from(stored.salt ?? '', 'base64');
  const loaded = await readKey(source, salt, stored === null);
  const checkKey = deriveKey(loaded.key, 'master-key-check');
  if (stored === null) {
    const check: StoredCheck = {
      version: 1,
      salt: source.from === 'passphrase' ? salt.toString('base64') : null,
      check: sealBox(checkKey, CHECK_TEXT, CHECK_TEXT).toString('base64'),
    };
    await replaceFile(files, CHECK_FILE, Buffer.from(JSON.stringify(check)));
  } else if (openBox(checkKey, Buffer.from(stored.check, 'base64'), CHECK_TEXT) === null) {
    throw new StorageError('VAULT_KEY_WRONG', {
      detail: `The master key (from ${source.from}) does not open the check value in ${CHECK_FILE}: give the key that this box was installed with.`,
    });
  }
  return loaded;
}

async function readCheck(files: FileRoot): Promise<StoredCheck | null> {
  const bytes = await files.readAll(CHECK_FILE);
  if (bytes === null) {
    if ((await files.folder(LEDGER_FOLDER).list()).length === 0) return null;
    throw unreadable(`${CHECK_FILE} is missing beside a ledger: restore it from a backup`);
  }
  try {
    return StoredCheck.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw unreadable(`${CHECK_FILE} is damaged: restore it from a backup`, cause);
  }
}

function readKey(source: MasterKeySource, salt: Buffer, isNew: boolean): Promise<LoadedMasterKey> {
  switch (source.from) {
    case 'passphrase':
      return stretchPassphrase(source.passphrase, salt);
    case 'value':
      return Promise.resolve({ key: parseKey(source.value, 'the given value'), warning: null });
    case 'file':
      return readKeyFile(source.path, source.createIfMissing && isNew);
  }
}

async function stretchPassphrase(passphrase: string, salt: Buffer): Promise<LoadedMasterKey> {
  if (passphrase === '') throw unreadable('the passphrase is empty');
  const stretch = promisify<string, Buffer, number, typeof SCRYPT & { maxmem: number }, Buffer>(
    scrypt,
  );
  const key = await stretch(passphrase, salt, KEY_BYTES, { ...SCRYPT, maxmem: 64 << 20 });
  return { key, warning: null };
}

async function readKeyFile(path: string, create: boolean): Promise<LoadedMasterKey> {
  const text = await readPrivately(path);
  if (text !== null) return { key: parseKey(text, `the key file ${path}`), warning: null };
  if (!create) throw unreadable(`there is no key file ${path}`);
  const key = randomBytes(KEY_BYTES);
  const folder = createFileRoot(dirname(path));
  await folder.make();
  await replaceFile(folder, basename(path), Buffer.from(`${key.toString('base64')}\n`));
  return {
    key,
    warning: `A new master key was made: ${path}. Without it nothing that this box stores can be read: keep a copy in a safe place, away from this disk.`,
  };
}

/** Null when there is no such file. */
async function readPrivately(path: string): Promise<string | null> {
  try {
    const file = await open(path, 'r');
    try {
      const mode = (await file.stat()).mode & 0o777;
      if ((mode & 0o077) !== 0) {
        throw unreadable(`the key file ${path} has mode 0${mode.toString(8)}: set it to 0600`);
      }
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(`the key file ${path} cannot be read`, cause);
  }
}

function parseKey(text: string, where: string): Buffer {
  const trimmed = text.trim();
  const isHex = /^[0-9a-f]{64}$/i.test(trimmed);
  const isBase64 = /^[A-Za-z0-9+/]{43}=$/.test(trimmed);
  if (!isHex && !isBase64) {
    throw unreadable(`${where} does not hold 32 bytes in base64 or hexadecimal`);
  }
  return Buffer.from(trimmed, isHex ? 'hex' : 'base64');
}

function unreadable(why: string, cause?: unknown): StorageError {
  return new StorageError('VAULT_KEY_UNREADABLE', {
    detail: `The master key cannot be read: ${why}.`,
    cause,
  });
}
