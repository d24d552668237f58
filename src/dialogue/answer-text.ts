import type { Bilingual, Language } from '../domain/language.ts';

/** Values of the facts that a branch has filled in, by name. */
export type Facts = Readonly<Record<string, Bilingual>>;

const FACT = /\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g;

/** Names the facts that a text relies on. */
export function factsIn(text: string): string[] {
  return [...text.matchAll(FACT)].map((match) => match[1] as string);
}

/**
 * Puts the branch's facts into a text.
 *
 * @returns null when a fact has no value: such a text is never shown
 */
export function fillFacts(text: string, language: Language, facts: Facts): string | null {
  const missing = factsIn(text).some((name) => !facts[name]?.[language]);
  if (missing) return null;
  return text.replace(FACT, (_, name: string) => facts[name]?.[language] ?? '').trim();
}
