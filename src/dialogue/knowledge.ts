import type { Bilingual, Language } from '../domain/language.ts';
import type { Form, Intent, Pack } from '../domain/pack.ts';
import { type Facts, factsIn, fillFacts } from './answer-text.ts';

/** An answer ready to be shown. */
export type ShownAnswer = { readonly title: string; readonly text: string; readonly short: string };

/** What the box knows: intents, forms and skills of the active packs, with the branch's facts. */
export class Knowledge {
  readonly #packs: readonly Pack[];
  readonly #facts: Facts;
  readonly #intents: ReadonlyMap<string, Intent>;
  readonly #forms: ReadonlyMap<string, Form>;

  constructor(packs: readonly Pack[], facts: Facts) {
    this.#packs = packs;
    this.#facts = facts;
    this.#intents = new Map(packs.flatMap((pack) => pack.intents.map((one) => [one.id, one])));
    this.#forms = new Map(packs.flatMap((pack) => pack.forms.map((one) => [one.id, one])));
  }

  intent(id: string): Intent | null {
    return this.#intents.get(id) ?? null;
  }

  form(id: string): Form | null {
    return this.#forms.get(id) ?? null;
  }

  intents(): Iterable<Intent> {
    return this.#intents.values();
  }

  /** A fact's value; null when the branch has not filled it in. */
  fact(name: string): Bilingual | null {
    return this.#facts[name] ?? null;
  }

  /** The title of an escalation's or ticket's skill. */
  skillTitle(skill: string): Bilingual | null {
    for (const pack of this.#packs) if (pack.skills[skill]) return pack.skills[skill];
    return null;
  }

  /** The answer with its facts filled in; null when one is missing: such an answer is never shown. */
  answer(intent: Intent, language: Language): ShownAnswer | null {
    const text = fillFacts(intent.answer[language], language, this.#facts);
    const short = fillFacts(intent.short[language], language, this.#facts);
    return text === null || short === null ? null : { title: intent.title[language], text, short };
  }

  /** Lists what keeps answers from being shown, for `zhanggui check`. */
  missingFacts(): {
    readonly intent: string;
    readonly language: Language;
    readonly fact: string;
  }[] {
    const languages: readonly Language[] = ['zh', 'en'];
    return [...this.intents()].flatMap((intent) =>
      languages.flatMap((language) =>
        [...new Set(factsIn(intent.answer[language] + intent.short[language]))]
          .filter((fact) => !this.#facts[fact]?.[language])
          .map((fact) => ({ intent: intent.id, language, fact })),
      ),
    );
  }
}
