import type { Intent, Pack } from '../domain/pack.ts';
import type { FileProblem } from './read-yaml.ts';

const FACT = /\{\{\s*([^}]*?)\s*\}\}/g;

/** Finds what no single file shows: references to intents, forms, skills, categories and facts that do not exist. */
export function checkPacks(packs: readonly Pack[]): FileProblem[] {
  const intents = new Set(packs.flatMap((pack) => pack.intents.map((intent) => intent.id)));
  const facts = new Set(packs.flatMap((pack) => pack.facts.map((fact) => fact.name)));
  return [...packs.flatMap((pack) => checkPack(pack, facts, intents)), ...findTwins(packs)];
}

function checkPack(
  pack: Pack,
  facts: ReadonlySet<string>,
  intents: ReadonlySet<string>,
): FileProblem[] {
  const forms = new Set(pack.forms.map((form) => form.id));
  const at = (file: string) => (message: string) => ({
    file: `${pack.id}/${file}`,
    line: 1,
    message,
  });
  const checkPlace = (
    place: { readonly skill: string; readonly category: string },
    say: (message: string) => FileProblem,
  ) => [
    ...(place.skill in pack.skills ? [] : [say(`skill "${place.skill}" is not in pack.yaml`)]),
    ...(place.category in pack.categories
      ? []
      : [say(`category "${place.category}" is not in pack.yaml`)]),
  ];
  const ofForms = pack.forms.flatMap((form) => checkPlace(form, at('pack.yaml')));
  const ofIntents = pack.intents.flatMap((intent) => {
    const say = at(`intents/${intent.id.slice(pack.id.length + 1)}.yaml`);
    return [
      ...checkPlace(intent, say),
      ...(intent.form === null || forms.has(intent.form)
        ? []
        : [say(`form "${intent.form}" is not in pack.yaml`)]),
      // Another pack may be inactive on this box: such a follow-up is left out, not an error.
      ...intent.followUps
        .filter((id) => id.startsWith(`${pack.id}.`) && !intents.has(id))
        .map((id) => say(`follow-up "${id}" does not exist`)),
      ...unknownFacts(intent, facts).map((name) =>
        say(`fact "${name}" is declared by no active pack`),
      ),
    ];
  });
  return [...ofForms, ...ofIntents];
}

function unknownFacts(intent: Intent, facts: ReadonlySet<string>): string[] {
  const texts = [intent.answer.zh, intent.answer.en, intent.short.zh, intent.short.en];
  const named = texts.flatMap((text) => [...text.matchAll(FACT)].map((match) => match[1] ?? ''));
  return [...new Set(named)].filter((name) => !facts.has(name));
}

/** The same utterance under two intents teaches the models nothing but doubt. */
function findTwins(packs: readonly Pack[]): FileProblem[] {
  const owner = new Map<string, string>();
  const problems: FileProblem[] = [];
  for (const pack of packs)
    for (const intent of pack.intents)
      for (const text of [...intent.utterances.zh, ...intent.utterances.en]) {
        const other = owner.get(text);
        if (other !== undefined && other !== intent.id)
          problems.push({
            file: `${pack.id}/intents/${intent.id.slice(pack.id.length + 1)}.yaml`,
            line: 1,
            message: `"${text}" is an utterance of ${other} too: keep it in one of them`,
          });
        owner.set(text, intent.id);
      }
  return problems;
}
