import fc from 'fast-check';
import { isIdentityCard, passesLuhn } from '../../../src/trust/pii/checksums.ts';

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length });

const twoDigits = (value: number) => String(value).padStart(2, '0');

/** Valid mainland mobile numbers. */
export const mobiles: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 3, max: 9 }), digits(9))
  .map(([second, rest]) => `1${second}${rest.join('')}`);

/** Valid 18-digit identity card numbers. */
export const identityCards: fc.Arbitrary<string> = fc
  .record({
    region: fc.integer({ min: 110000, max: 659999 }),
    year: fc.integer({ min: 1930, max: 2020 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
    order: digits(3),
  })
  .map(({ region, year, month, day, order }) => {
    const body = `${region}${year}${twoDigits(month)}${twoDigits(day)}${order.join('')}`;
    const check = [...'0123456789X'].find((char) => isIdentityCard(body + char));
    return body + check;
  });

/** Bank cards of 16 to 19 digits that pass Luhn. */
export const bankCards: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('62', '4', '52', '35'), fc.integer({ min: 16, max: 19 }), digits(18))
  .map(([issuer, length, rest]) => {
    const body = (issuer + rest.join('')).slice(0, length - 1);
    const check = [...'0123456789'].find((char) => passesLuhn(body + char));
    return body + check;
  });

/** Words around a number: both languages, numerals, signs; no ASCII digit. */
export const surroundings: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      '我的',
      '一',
      '第一',
      '号码是',
      '，',
      '。',
      ' please ',
      'call me',
      ' ',
      '：',
      '零',
      '😀',
      '(',
      '京',
      '@',
      '\n',
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** Texts made of everything that could confuse the rules. */
export const messyTexts: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      mobiles,
      identityCards,
      bankCards,
      surroundings,
      fc.integer({ min: 0, max: 99_999_999 }).map(String),
      fc.constantFrom(
        '-',
        ' ',
        '.',
        '+',
        '+86',
        'X',
        'a@b.cn',
        'E1',
        '路',
        '号',
        '1',
        '一三八',
        '我叫王',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
