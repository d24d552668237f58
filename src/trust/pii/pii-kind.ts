import type { Bilingual } from '../../domain/language.ts';

const bilingual = (zh: string, en: string): Bilingual => ({ zh, en });

/** What stands in a stored text where each kind of personal data was. */
export const PLACEHOLDERS = {
  mobile: bilingual('[手机号]', '[phone number]'),
  landline: bilingual('[电话号码]', '[phone number]'),
  phone: bilingual('[电话号码]', '[phone number]'),
  identity_card: bilingual('[身份证号]', '[identity card number]'),
  bank_card: bilingual('[银行卡号]', '[card number]'),
  iban: bilingual('[国际账号]', '[bank account]'),
  email: bilingual('[邮箱]', '[e-mail]'),
  passport: bilingual('[护照号]', '[passport number]'),
  plate: bilingual('[车牌号]', '[plate number]'),
  credit_code: bilingual('[信用代码]', '[company code]'),
  number: bilingual('[号码]', '[number]'),
  name: bilingual('[姓名]', '[name]'),
  address: bilingual('[地址]', '[address]'),
} as const satisfies Record<string, Bilingual>;

/** A kind of personal data. */
export type PiiKind = keyof typeof PLACEHOLDERS;

/**
 * A part of a text that may be personal data.
 *
 * `strength` decides between overlapping ones: 3 a checksum or an unmistakable form, 2 a numbering
 * plan, 1 a looser pattern.
 */
export type PiiCandidate = {
  readonly kind: PiiKind;
  readonly start: number;
  readonly end: number;
  readonly strength: 1 | 2 | 3;
};
