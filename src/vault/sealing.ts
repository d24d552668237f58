import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Length of every key, bytes. */
export const KEY_BYTES = 32;
/** What sealing adds to a plaintext, bytes. */
export const BOX_OVERHEAD = NONCE_BYTES + TAG_BYTES;

/** Gives the key for one purpose, so that no two purposes ever share one. */
export type DeriveKey = (purpose: string) => Buffer;

/** Derives a key by HKDF-SHA-256 (RFC 5869). */
export function deriveKey(secret: Buffer, purpose: string, salt: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, `zhanggui/${purpose}`, KEY_BYTES));
}

/**
 * Seals a few bytes with AES-256-GCM under a random nonce.
 *
 * @param associated what the box must be opened with: binds it to its name and version
 * @returns nonce, ciphertext, tag
 */
export function sealBox(key: Buffer, plaintext: Uint8Array, associated: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  const sealed = [nonce, cipher.update(plaintext), cipher.final()];
  return Buffer.concat([...sealed, cipher.getAuthTag()]);
}

/** Opens what `sealBox` made; null when key, bytes or associated data are not the same. */
export function openBox(key: Buffer, box: Buffer, associated: Uint8Array): Buffer | null {
  if (box.length < BOX_OVERHEAD) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES))
    .setAAD(associated)
    .setAuthTag(box.subarray(box.length - TAG_BYTES));
  try {
    const opened = decipher.update(box.subarray(NONCE_BYTES, box.length - TAG_BYTES));
    decipher.final();
    return opened;
  } catch {
    return null;
  }
}
