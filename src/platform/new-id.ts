import { randomBytes, randomInt } from 'node:crypto';

/** Crockford's alphabet: no letter that is taken for a digit when read out. */
const READABLE = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Makes an identifier of 128 random bits. */
export function newId(): string {
  return randomBytes(16).toString('base64url');
}

/** Makes a code of `length` characters that people can read out. */
export function newReadableCode(length: number): string {
  return Array.from({ length }, () => READABLE[randomInt(READABLE.length)]).join('');
}
