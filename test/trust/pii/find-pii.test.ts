import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findPii } from '../../../src/trust/pii/find-pii.ts';
import { bankCards, identityCards, mobiles, surroundings } from './personal-numbers.ts';

const finding = suite('findPii');

/** What was found, as `kind:text`. */
function found(text: string): string[] {
  return findPii(text).map(({ kind, start, end }) => `${kind}:${text.slice(start, end)}`);
}

function finds(name: string, cases: readonly (readonly [text: string, expected: string])[]): void {
  finding(name, () => {
    for (const [text, expected] of cases) assert.equal(found(text), [expected], text);
  });
}

finds('finds mainland mobile numbers however they are typed', [
  ['我手机13800138000', 'mobile:13800138000'],
  ['138 0013 8000吗', 'mobile:138 0013 8000'],
  ['138-0013-8000', 'mobile:138-0013-8000'],
  ['138.0013.8000', 'mobile:138.0013.8000'],
  ['+8613800138000', 'mobile:+8613800138000'],
  ['(+86) 138 0013 8000', 'mobile:(+86) 138 0013 8000'],
  ['8613800138000', 'mobile:8613800138000'],
  ['１３８００１３８０００', 'mobile:１３８００１３８０００'],
  ['一三八零零一三八零零零', 'mobile:一三八零零一三八零零零'],
  ['幺三八〇〇幺三八〇〇〇', 'mobile:幺三八〇〇幺三八〇〇〇'],
  ['第一13800138000', 'mobile:13800138000'],
  ['一零零零13000000000', 'mobile:13000000000'],
  ['1 3 8 0 0 1 3 8 0 0 0', 'mobile:1 3 8 0 0 1 3 8 0 0 0'],
  ['138\u200b0013\u200b8000', 'mobile:138\u200b0013\u200b8000'],
]);

finds('finds identity cards by their check character', [
  ['身份证11010519491231002X', 'identity_card:11010519491231002X'],
  ['11010519491231002x', 'identity_card:11010519491231002x'],
  ['110105 19491231 002X', 'identity_card:110105 19491231 002X'],
  ['１１０１０５１９４９１２３１００２Ｘ', 'identity_card:１１０１０５１９４９１２３１００２Ｘ'],
]);

finds('keeps mistyped identity cards and cards out of the ledger as plain numbers', [
  ['110105194912310021', 'number:110105194912310021'],
  ['110105 19491231 0021', 'number:110105 19491231 0021'],
  ['11010519491231003X', 'number:11010519491231003X'],
  ['6222 0212 3456 7890 123', 'number:6222 0212 3456 7890 123'],
  ['110105491231002', 'number:110105491231002'],
]);

finds('finds bank cards by Luhn', [
  ['4111111111111111', 'bank_card:4111111111111111'],
  ['4111 1111 1111 1111', 'bank_card:4111 1111 1111 1111'],
  ['4111-1111-1111-1111', 'bank_card:4111-1111-1111-1111'],
  ['378282246310005', 'bank_card:378282246310005'],
  ['3782 822463 10005', 'bank_card:3782 822463 10005'],
  ['4222222222222', 'bank_card:4222222222222'],
]);

finds('finds landlines, service numbers and foreign telephones', [
  ['010-88886666', 'landline:010-88886666'],
  ['（０１０）８８８８６６６６', 'landline:（０１０）８８８８６６６６'],
  ['0755 2658 1234', 'landline:0755 2658 1234'],
  ['400-810-8888', 'landline:400-810-8888'],
  ['(415) 555-2671', 'phone:(415) 555-2671'],
  ['1-212-555-2671', 'phone:1-212-555-2671'],
  ['+44 7700 900123', 'phone:+44 7700 900123'],
  ['07700 900123', 'phone:07700 900123'],
  ['call me at 555-1234', 'phone:555-1234'],
  ['电话：88886666', 'phone:88886666'],
]);

finds('finds mail addresses, papers, plates, companies and foreign accounts', [
  ['邮箱z.san+1@mail.example.com吧', 'email:z.san+1@mail.example.com'],
  ['13800138000@163.com', 'email:13800138000@163.com'],
  ['护照E12345678', 'passport:E12345678'],
  ['g12345678', 'passport:g12345678'],
  ['EA1234567', 'passport:EA1234567'],
  ['passport number: 123456789', 'passport:123456789'],
  ['京A·12345', 'plate:京A·12345'],
  ['粤BD12345的车', 'plate:粤BD12345'],
  ['沪AD12345', 'plate:沪AD12345'],
  ['91350100M000100Y43', 'credit_code:91350100M000100Y43'],
  ['GB82 WEST 1234 5698 7654 32 please', 'iban:GB82 WEST 1234 5698 7654 32'],
  ['DE89370400440532013000', 'iban:DE89370400440532013000'],
]);

finds('finds names and addresses that a phrase announces', [
  ['我叫张三，卡丢了', 'name:张三'],
  ['我叫王和平的卡', 'name:王和平'],
  ['我的名字是欧阳修', 'name:欧阳修'],
  ['我的名字叫阿依古丽·买买提', 'name:阿依古丽·买买提'],
  ['my name is john smith and I lost it', 'name:john smith'],
  ['Name: John Smith, card lost', 'name:John Smith'],
  ['My name is Mary Ann O’Brien, hi', 'name:Mary Ann O’Brien'],
  ['我住在北京市朝阳区建国路88号3号楼2单元501室', 'address:北京市朝阳区建国路88号3号楼2单元501室'],
  ['收货地址改成上海市浦东新区世纪大道100号', 'address:上海市浦东新区世纪大道100号'],
  ['寄到阳光花园３栋２０１室', 'address:阳光花园３栋２０１室'],
  ['I live at 12 high street in town', 'address:12 high street'],
  ['at 221 Baker Street, London', 'address:221 Baker Street'],
]);

finding('leaves order numbers, amounts, dates and ordinary words alone', () => {
  const ordinary = [
    '订单 123456789012 什么时候到',
    '单号20240115123456',
    '转账 138001380.00 元',
    '12,345.67 元和 1 000 000 日元',
    '2024-01-15 13:30 下单 15 件',
    '1 3 5 7 9 11 13 15',
    '2019 2020 2021 2022',
    '13 2024-01-15 8 件',
    '95588 打不通',
    '一共二三十个，一二三四五六七',
    '我叫了外卖',
    '我叫安装师傅',
    '我的名字是错的',
    'my name is spelled wrong',
    'my name is not on the card',
    'the product name: Apple Watch',
    '我走路10号到的，坐地铁10号线',
    '上海市浦东新区有网点吗',
    '2 days on the way',
    '200 300 4000',
    '@ 我',
    'IBAN 是什么',
  ];
  for (const text of ordinary) assert.equal(found(text), [], text);
});

finding('prefers the longer and stronger of two that overlap', () => {
  assert.equal(found('6222 0212 1390 7890 123'), ['number:6222 0212 1390 7890 123']);
  assert.equal(found('z@qq.com13800138000'), ['email:z@qq.com', 'mobile:13800138000']);
  assert.equal(found('+8613800138000 10'), ['mobile:+8613800138000']);
});

finding('always finds a valid number, whatever stands around it', () => {
  const numbers = fc.oneof(
    mobiles.map((number) => ['mobile', number] as const),
    mobiles.map((n) => ['mobile', `${n.slice(0, 3)} ${n.slice(3, 7)} ${n.slice(7)}`] as const),
    identityCards.map((number) => ['identity_card', number] as const),
    bankCards.map((number) => ['bank_card', number] as const),
    bankCards.map((n) => ['bank_card', (n.match(/.{1,4}/g) ?? []).join('-')] as const),
  );
  fc.assert(
    fc.property(surroundings, numbers, surroundings, (before, [kind, number], after) => {
      const text = before + number + after;
      const start = before.length;
      const span = findPii(text).find((s) => s.start <= start && s.end >= start + number.length);
      // By chance one long number passes the other's check, or letters in front make an IBAN of it.
      const long = kind === 'mobile' ? [] : ['identity_card', 'bank_card'];
      const kinds: string[] = [kind, 'email', 'iban', ...long];
      assert.ok(span !== undefined && kinds.includes(span.kind), `${text} → ${span?.kind}`);
    }),
    { numRuns: 1000 },
  );
});

finding('stays fast on texts made to slow it down', () => {
  const seeds = [
    '1 ',
    '138 ',
    'a@',
    '@a.',
    '路1号',
    '一',
    'GB82 ',
    '北京市',
    'a.',
    '(',
    '京A1',
    '1',
  ];
  for (const seed of seeds) {
    const startedAt = performance.now();
    findPii(seed.repeat(10_000 / seed.length));
    // Linear work takes some 100 ms here; a pattern that backtracks takes minutes.
    assert.ok(performance.now() - startedAt < 2000, seed);
  }
});

finding.run();
