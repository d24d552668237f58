import type { PiiCandidate } from './pii-kind.ts';

// The surnames of some 95 % of the population (Ministry of Public Security, 2020 name report).
const SURNAMES =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢' +
  '姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康' +
  '易乔赖文施洪季鲁翟倪柳葛章俞岑殷牛安';
const COMPOUND_SURNAMES =
  '欧阳|司马|上官|诸葛|司徒|东方|独孤|南宫|夏侯|皇甫|尉迟|公孙|慕容|令狐|长孙';
const HAN = '\\u4e00-\\u9fff';
// Particles and verbs that follow a name without a pause.
const AFTER_NAME =
  '的了是不在要想我你您他她有和跟电手身住今去问查办给把被也都就还又很没会请帮需号卡';

const CHINESE_NAME =
  `(?!安装|安排|高铁|方便)(?:(?:${COMPOUND_SURNAMES}|[${SURNAMES}])` +
  `(?![的了是不在])[${HAN}](?:(?![${AFTER_NAME}])[${HAN}])?|[${HAN}]{1,8}(?:[·•][${HAN}]{1,10}){1,3})`;
const CAPITAL_NAME = "\\p{Lu}[\\p{L}'’-]*(?: \\p{Lu}[\\p{L}'’.-]*){0,3}";
// A name typed without capitals ends where an ordinary word begins.
const NOT_A_NAME =
  'and|i|but|or|on|not|no|wrong|in|at|the|a|an|is|was|spelled|spelt|misspelled|incorrect|showing|' +
  'missing|different|printed|also|my|so|please|can|could|to|from|with|for|it|still|already|now|' +
  'changed|listed|too|very|lost|have|want|need|being|what|going|never|written';
const SMALL_WORD = `(?!(?:${NOT_A_NAME})\\b)\\p{L}[\\p{L}'’-]{1,20}`;

// Only phrases that announce a name: a surname alone is an ordinary word in both languages.
const PATTERNS: readonly RegExp[] = [
  new RegExp(`(?:我叫|我的?名字[是叫]|本人叫|姓名[是:]) {0,2}(${CHINESE_NAME})`, 'gu'),
  new RegExp(`(?:我叫|我的?名字[是叫]|姓名[是:]) {0,2}(${CAPITAL_NAME})`, 'gu'),
  new RegExp(
    `\\b(?:[Mm]y (?:full )?[Nn]ame(?: is|['’]s)|(?<=^|[,;.\\n] {0,2})[Nn]ame:) {1,2}(?!(?:${NOT_A_NAME})\\b)` +
      `(${CAPITAL_NAME}|${SMALL_WORD}(?: ${SMALL_WORD})?)`,
    'gu',
  ),
];

/** Finds names that their owner announces (我叫张三, my name is …); `text` is width-folded. */
export function findNames(text: string): PiiCandidate[] {
  return PATTERNS.flatMap((pattern) =>
    Array.from(text.matchAll(pattern), (match) => ({
      kind: 'name' as const,
      strength: 1 as const,
      start: match.index + match[0].length - (match[1] as string).length,
      end: match.index + match[0].length,
    })),
  );
}
