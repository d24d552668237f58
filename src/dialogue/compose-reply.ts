import type { Language } from '../domain/language.ts';
import type { Intent } from '../domain/pack.ts';
import type { Choice, Reply } from '../domain/session.ts';
import type { Knowledge } from './knowledge.ts';
import { PHRASES } from './phrases.ts';

/** The button that fetches a person. */
export function personChoice(language: Language): Choice {
  return { label: PHRASES.person[language], action: { type: 'person' } };
}

/** A reply in the appliance's own voice. */
export function plainReply(
  route: Reply['route'],
  phrase: keyof typeof PHRASES,
  language: Language,
  choices: readonly Choice[] = [],
): Reply {
  return { route, language, title: null, text: PHRASES[phrase][language], short: null, choices };
}

/**
 * The answer to an intent with its form and follow-ups as buttons.
 *
 * @returns null when the branch has not filled in a fact that the answer needs
 */
export function answerReply(
  knowledge: Knowledge,
  intent: Intent,
  language: Language,
): Reply | null {
  const shown = knowledge.answer(intent, language);
  if (shown === null) return null;
  const form = intent.form === null ? null : knowledge.form(intent.form);
  const formChoice: Choice[] = form
    ? [{ label: form.title[language], action: { type: 'form', form: form.id } }]
    : [];
  const social = intent.behaviour === 'social';
  return {
    route: social ? 'social' : 'answer',
    language,
    title: social ? null : shown.title,
    text: shown.text,
    short: shown.short,
    choices: [...formChoice, ...intentChoices(knowledge, intent.followUps, language)],
  };
}

/** The likeliest intents as buttons, and a way out. */
export function chooseReply(
  knowledge: Knowledge,
  intents: readonly string[],
  language: Language,
): Reply {
  return plainReply('choose', 'choose', language, [
    ...intentChoices(knowledge, intents, language),
    { label: PHRASES.noneOfThese[language], action: { type: 'person' } },
  ]);
}

/** Buttons for intents; those of inactive packs or with unfilled facts are left out. */
function intentChoices(knowledge: Knowledge, ids: readonly string[], language: Language): Choice[] {
  return ids.flatMap((id): Choice[] => {
    const intent = knowledge.intent(id);
    if (!intent || knowledge.answer(intent, language) === null) return [];
    return [{ label: intent.title[language], action: { type: 'intent', intent: id } }];
  });
}
