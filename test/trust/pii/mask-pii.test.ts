import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isBankCard, isIdentityCard } from '../../../src/trust/pii/checksums.ts';
import { maskContact, piiMasker } from '../../../src/trust/pii/mask-pii.ts';
import { messyTexts } from './personal-numbers.ts';

const masking = suite('mask-pii');

masking('puts a placeholder of the language where the data was', () => {
  assert.is(
    piiMasker.mask('我叫张三，手机13800138000，卡4111111111111111', 'zh'),
    '我叫[姓名]，手机[手机号]，卡[银行卡号]',
  );
  assert.is(
    piiMasker.mask('my card 4111 1111 1111 1111 and z@x.cn', 'en'),
    'my card [card number] and [e-mail]',
  );
  assert.is(piiMasker.mask('我的卡丢了', 'zh'), '我的卡丢了');
});

masking('leaves no mobile, identity card or bank card in any text', () => {
  fc.assert(
    fc.property(messyTexts, (text) => {
      const masked = piiMasker.mask(text, 'zh');
      for (const [run] of masked.matchAll(/\d+[Xx]?/g)) {
        const number = run.toUpperCase();
        assert.not.match(number, /^1[3-9]\d{9}X?$/);
        assert.not.ok(isIdentityCard(number), `${text} → ${masked}`);
        assert.not.ok(isBankCard(number.replace('X', '')), `${text} → ${masked}`);
      }
    }),
    { numRuns: 1000 },
  );
});

masking('changes nothing when it masks its own result', () => {
  fc.assert(
    fc.property(messyTexts, fc.constantFrom('zh' as const, 'en' as const), (text, language) => {
      const once = piiMasker.mask(text, language);
      assert.is(piiMasker.mask(once, language), once);
    }),
    { numRuns: 1000 },
  );
});

masking('shortens contacts so that only their owner knows them again', () => {
  assert.is(maskContact('13812341234'), '138****1234');
  assert.is(maskContact('+86 138 1234 1234'), '138****1234');
  assert.is(maskContact('zhang@x.cn'), 'z***@x.cn');
  assert.is(maskContact('010-88886666'), '010****6666');
  assert.is(maskContact('8888 6666'), '****6666');
  assert.is(maskContact('张三丰'), '张**');
  assert.is(maskContact(''), '');
});

masking.run();
