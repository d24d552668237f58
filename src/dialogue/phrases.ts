import type { Bilingual } from '../domain/language.ts';

/** What the appliance says in its own voice; answers come from packs. */
export const PHRASES = {
  choose: {
    zh: '您想问的是下面哪一项？点一下就行。',
    en: 'Which of these do you mean? Just tap one.',
  },
  rephrase: {
    zh: '这句话我没太听懂。您可以换个说法，说说要办什么事；也可以直接找工作人员。',
    en: "I didn't quite get that. Could you put it another way, or would you like to talk to a member of staff?",
  },
  otherLanguage: {
    zh: '我会说中文和英文。请用其中一种再说一遍，或者直接找工作人员。',
    en: 'I speak Chinese and English. Please ask again in one of them, or talk to a member of staff.',
  },
  handoff: {
    zh: '这件事由工作人员来帮您更稳妥，我已经请同事过来，请稍等。',
    en: 'A member of staff can help you better with this. I have asked a colleague to join us; please wait a moment.',
  },
  handoffAsked: {
    zh: '好的，正在为您转接工作人员，请稍等。',
    en: 'Of course. I am getting a member of staff for you; please wait a moment.',
  },
  alreadyWaiting: {
    zh: '已经在为您联系工作人员了，请稍等。',
    en: 'A member of staff has already been called; please wait a moment.',
  },
  counter: {
    zh: '抱歉，现在系统无法保存记录，请直接到柜台找工作人员。',
    en: 'Sorry, nothing can be stored at the moment. Please ask at the counter.',
  },
  nothingToRepeat: {
    zh: '我们还没开始聊呢。您想办什么？',
    en: "We haven't talked about anything yet. What can I do for you?",
  },
  restarted: {
    zh: '好的，我们重新开始。您想办什么？',
    en: "All right, let's start again. What can I do for you?",
  },
  person: { zh: '找工作人员', en: 'Talk to staff' },
  noneOfThese: { zh: '都不是，找工作人员', en: 'None of these – talk to staff' },
} as const satisfies Record<string, Bilingual>;
