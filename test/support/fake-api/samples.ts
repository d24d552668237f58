import type { Form } from '../../../src/domain/pack.ts';
import type { Choice, Receipt, Reply, Route, Turn } from '../../../src/domain/session.ts';
import type { KioskView } from '../../../src/domain/views.ts';

/** What the start screen of the fake branch shows. */
export const KIOSK: KioskView = {
  branch: { zh: '掌柜银行 · 人民路支行', en: 'Zhanggui Bank, Renmin Road' },
  topics: [
    { intent: 'banking.card_lost', title: { zh: '银行卡丢了', en: 'I lost my card' } },
    { intent: 'banking.password_reset', title: { zh: '忘记密码', en: 'Forgot my PIN' } },
    { intent: 'banking.transfer', title: { zh: '转账与汇款', en: 'Transfers' } },
    { intent: 'banking.account_frozen', title: { zh: '账户被冻结', en: 'My account is frozen' } },
    { intent: 'banking.open_account', title: { zh: '办卡开户', en: 'Open an account' } },
    { intent: 'ecommerce.return', title: { zh: '退货退款', en: 'Returns and refunds' } },
    { intent: 'ecommerce.parcel', title: { zh: '快递到哪了', en: 'Where is my parcel' } },
    { intent: 'common.opening_hours', title: { zh: '营业时间', en: 'Opening hours' } },
  ],
  idleSeconds: 120,
  consent: {
    zh: '继续使用即表示您同意我们为回答问题而处理您输入的内容；证件号和手机号会自动打码，离开后屏幕即清空。',
    en: 'By going on you agree that we process what you type to answer you. Numbers that identify you are masked, and the screen is cleared when you leave.',
  },
};

/** The short form of the fake packs, with one slot of nearly every kind. */
export const FORM: Form = {
  id: 'common.callback',
  title: { zh: '预约回电', en: 'Ask for a call back' },
  category: 'handover',
  priority: 'normal',
  skill: 'front_desk',
  slots: [
    {
      name: 'contact_name',
      kind: 'name',
      prompt: { zh: '请问您怎么称呼？', en: 'What name should we ask for?' },
      optional: false,
      choices: [],
    },
    {
      name: 'contact_phone',
      kind: 'phone',
      prompt: { zh: '我们打哪个电话找您？', en: 'What number should we call?' },
      optional: false,
      choices: [],
    },
    {
      name: 'best_time',
      kind: 'choice',
      prompt: { zh: '什么时候打给您方便？', en: 'When is a good time to call?' },
      optional: false,
      choices: [
        { value: 'morning', label: { zh: '上午', en: 'Morning' } },
        { value: 'afternoon', label: { zh: '下午', en: 'Afternoon' } },
        { value: 'any', label: { zh: '都可以', en: 'Any time' } },
      ],
    },
    {
      name: 'day',
      kind: 'date',
      prompt: { zh: '事情是哪天发生的？', en: 'On which day did it happen?' },
      optional: true,
      choices: [],
    },
  ],
};

type ReplyDraft = {
  readonly route: Route;
  readonly title: string | null;
  readonly text: string;
  readonly choices: readonly Choice[];
};

const LOST_ZH = `先别着急，马上挂失就能止损。

1. 拨打客服热线 95500，按语音提示选择“紧急挂失”。
2. 也可以在手机银行的“卡片管理”里点“挂失”，立即生效。
3. 带上身份证到任一网点补办新卡，当场可取。

挂失当天补卡免收工本费。`;
const LOST_EN = `Stay calm: reporting it now stops any loss.

1. Call our hotline on 95500 and choose "report a lost card".
2. Or open the mobile app, go to Cards and tap Report lost. It works at once.
3. Bring your ID to any branch for a new card, ready the same day.

A replacement on the day of the report is free.`;

const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);

function draftReply(text: string, zh: boolean): ReplyDraft {
  const pick = (a: string, b: string): string => (zh ? a : b);
  if (/未知|unknown/.test(text)) {
    return {
      route: 'handoff',
      title: null,
      text: pick(
        '这个问题我没有把握，已经帮您叫同事。',
        'I am not sure about this one, so I called a colleague.',
      ),
      choices: [
        {
          label: pick('留电话，等回电', 'Leave my number'),
          action: { type: 'form', form: FORM.id },
        },
      ],
    };
  }
  if (/卡$|^card$/.test(text)) {
    return {
      route: 'choose',
      title: null,
      text: pick('您想问的是哪一个？', 'Which of these do you mean?'),
      choices: [
        {
          label: pick('银行卡丢了', 'I lost my card'),
          action: { type: 'intent', intent: 'banking.card_lost' },
        },
        {
          label: pick('办一张新卡', 'Get a new card'),
          action: { type: 'intent', intent: 'banking.open_account' },
        },
        {
          label: pick('卡被机器吞了', 'The machine kept my card'),
          action: { type: 'intent', intent: 'banking.card_kept' },
        },
      ],
    };
  }
  return {
    route: 'answer',
    title: pick('银行卡丢了怎么办', 'What to do about a lost card'),
    text: pick(LOST_ZH, LOST_EN),
    choices: [
      {
        label: pick('填写挂失申请', 'Fill in the report'),
        action: { type: 'form', form: FORM.id },
      },
      {
        label: pick('补卡要带什么', 'What to bring'),
        action: { type: 'intent', intent: 'banking.documents' },
      },
      {
        label: pick('营业时间', 'Opening hours'),
        action: { type: 'intent', intent: 'common.opening_hours' },
      },
    ],
  };
}

function receiptFor(route: Route, isTapped: boolean): Receipt {
  return {
    route,
    engine: isTapped ? 'button' : 'local',
    intent: route === 'answer' ? 'banking.card_lost' : null,
    confidence: 0.94,
    margin: 0.71,
    nearest: null,
    stagesMs: { total: 7.3, encode: 3.9 },
    mode: 'local',
    health: 'ok',
    recorded: true,
  };
}

/** Answers a question as the box would: `卡` asks back, `未知` hands over, the rest is answered. */
export function makeTurn(
  number: number,
  text: string,
  options: { isTapped: boolean; isRelay: boolean },
): Turn {
  const zh = isChinese(text);
  const draft: ReplyDraft = options.isRelay
    ? { route: 'relay', title: null, text: '', choices: [] }
    : draftReply(text, zh);
  const language = zh ? 'zh' : 'en';
  const reply: Reply = { ...draft, language, short: null };
  return {
    number,
    at: Date.now(),
    text,
    language,
    reply,
    receipt: receiptFor(draft.route, options.isTapped),
  };
}
