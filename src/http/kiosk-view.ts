import type { Knowledge } from '../dialogue/knowledge.ts';
import type { Bilingual } from '../domain/language.ts';
import type { KioskView } from '../domain/views.ts';

/** What the start screen shows of this branch. */
export type KioskSettings = {
  readonly branch: Bilingual;
  readonly topics: readonly string[];
  readonly idleSeconds: number;
};

const CONSENT: Bilingual = {
  zh: '您说的话只用来为您办事。手机号、证件号、卡号会先遮住再保存；结束后屏幕上不留任何内容。',
  en: 'What you say is used only to help you. Phone, identity and card numbers are hidden before anything is stored, and nothing stays on this screen when you leave.',
};

/** The start screen; topics whose answer lacks a fact are left out. */
export function kioskView(knowledge: Knowledge, settings: KioskSettings): KioskView {
  return {
    branch: settings.branch,
    topics: settings.topics.flatMap((id) => {
      const intent = knowledge.intent(id);
      const isShown = intent && knowledge.answer(intent, 'zh') && knowledge.answer(intent, 'en');
      return isShown ? [{ intent: id, title: intent.title }] : [];
    }),
    idleSeconds: settings.idleSeconds,
    consent: CONSENT,
  };
}
