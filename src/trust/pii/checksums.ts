const IDENTITY_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const IDENTITY_CHECKS = '10X98765432';
const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/**
 * Says whether the birth date inside an 18-digit identity number can exist.
 *
 * @see GB 11643-1999, 4.2: positions 7 to 14 are YYYYMMDD
 */
export function hasBirthDate(digits: string): boolean {
  return /^\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/.test(digits);
}

/**
 * Says whether 18 characters are a mainland identity card number: birth date and check character.
 *
 * @see GB 11643-1999, which takes the check of ISO/IEC 7064 MOD 11-2
 */
export function isIdentityCard(digits: string): boolean {
  if (!hasBirthDate(digits)) return false;
  const sum = IDENTITY_WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return IDENTITY_CHECKS[sum % 11] === digits[17];
}

/**
 * Says whether a string of digits passes the Luhn check.
 *
 * @see ISO/IEC 7812-1, annex B
 */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/**
 * Says whether digits can be a payment card number: 13 to 19 digits and Luhn.
 *
 * With 13 or 14 digits only the issuers that ever had such cards count (first digit 3 to 6), because
 * order and parcel numbers of that length are common and one in ten passes Luhn by chance.
 */
export function isBankCard(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19 || !passesLuhn(digits)) return false;
  return digits.length >= 15 || /^[3-6]/.test(digits);
}

/**
 * Says whether 18 upper-case characters are a unified social credit code.
 *
 * @see GB 32100-2015, 5: 31 characters without I O S V Z, weights 3^(i−1) mod 31
 */
export function isCreditCode(code: string): boolean {
  if (!/^[1-9AY][1-9]\d{6}[0-9A-Z]{10}$/.test(code)) return false;
  const values = [...code].map((char) => CREDIT_ALPHABET.indexOf(char));
  if (values.includes(-1)) return false;
  const sum = CREDIT_WEIGHTS.reduce((total, weight, i) => total + weight * (values[i] ?? 0), 0);
  return (31 - (sum % 31)) % 31 === values[17];
}

/**
 * Says whether 15 to 34 upper-case characters are an international bank account number.
 *
 * @see ISO 13616-1 with the check of ISO/IEC 7064 MOD 97-10
 */
export function isIban(compact: string): boolean {
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$/.test(compact)) return false;
  let remainder = 0;
  for (const char of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
