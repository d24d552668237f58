import type { Intent, Pack } from '../../src/domain/pack.ts';

const both = (zh: string, en: string) => ({ zh, en });

/** An intent with every field filled in; override what a test is about. */
export function anIntent(id: string, change: Partial<Intent> = {}): Intent {
  return {
    id,
    title: both(`${id} 标题`, `${id} title`),
    category: 'card',
    urgency: 'normal',
    skill: 'cards',
    useWhen: both('用', 'use'),
    notWhen: both('不用', 'not'),
    short: both('简短', 'short'),
    answer: both('第一步。', 'First step.'),
    followUps: [],
    form: null,
    behaviour: 'answer',
    utterances: both2(['我的卡丢了', '银行卡不见了'], ['I lost my card', 'my card is gone']),
    ...change,
  };
}

/** A pack of a few intents. */
export function aPack(intents: readonly Intent[]): Pack {
  return {
    id: 'tiny',
    version: '1.0.0',
    title: both('小包', 'Tiny'),
    industry: 'test',
    skills: { cards: both('银行卡', 'Cards') },
    categories: { card: both('卡', 'Card') },
    facts: [{ name: 'hotline', title: both('热线', 'Hotline'), example: both('1', '1') }],
    forms: [
      {
        id: 'tiny.lost',
        title: both('挂失', 'Report a loss'),
        category: 'card',
        priority: 'urgent',
        skill: 'cards',
        slots: [
          {
            name: 'contact_name',
            kind: 'name',
            prompt: both('姓名', 'Name'),
            optional: false,
            choices: [],
          },
          {
            name: 'contact_phone',
            kind: 'phone',
            prompt: both('电话', 'Phone'),
            optional: false,
            choices: [],
          },
          { name: 'what', kind: 'text', prompt: both('经过', 'What'), optional: true, choices: [] },
        ],
      },
    ],
    intents,
  };
}

function both2<T>(zh: readonly T[], en: readonly T[]): { zh: readonly T[]; en: readonly T[] } {
  return { zh, en };
}
