import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { StorageError } from '../../domain/errors.ts';
import type { Lane } from '../../domain/events.ts';
import { type FileRoot, replaceFile } from '../../platform/durable-files.ts';

const KEY_FILE = 'receipt-key.pem';

/** What a receipt says: headquarters holds this lane without gaps up to the watermark. */
export type ReceiptBody = {
  readonly appliance: string;
  readonly epoch: number;
  readonly lane: Lane;
  readonly watermark: number;
  readonly head: string | null;
};

/** A receipt with its Ed25519 signature, base64. */
export type SignedReceipt = ReceiptBody & { readonly signature: string };

/** Signs receipts; appliances learn the public key when they enrol. */
export type ReceiptSigner = {
  readonly publicKeyPem: string;
  sign(receipt: ReceiptBody): SignedReceipt;
};

/**
 * Loads the signing key, making it at first start.
 *
 * @throws StorageError VAULT_KEY_UNREADABLE
 */
export async function loadReceiptSigner(files: FileRoot): Promise<ReceiptSigner> {
  const stored = await files.readAll(KEY_FILE);
  const keyPem = stored?.toString('utf8') ?? makeKey();
  if (stored === null) await replaceFile(files, KEY_FILE, Buffer.from(keyPem));
  try {
    const key = createPrivateKey(keyPem);
    const publicKeyPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
    return {
      publicKeyPem,
      sign: (receipt) => {
        const signature = sign(null, signedText(receipt), key).toString('base64');
        return { ...receipt, signature };
      },
    };
  } catch (cause) {
    throw new StorageError('VAULT_KEY_UNREADABLE', {
      detail: `${KEY_FILE} holds no Ed25519 key: restore it from a backup; a new one would need every appliance to enrol again`,
      cause,
    });
  }
}

function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The same text as in the appliance's check of a receipt. */
function signedText({ appliance, epoch, lane, watermark, head }: ReceiptBody): Buffer {
  return Buffer.from(
    ['zhanggui-receipt-v1', appliance, epoch, lane, watermark, head ?? ''].join('\n'),
  );
}
