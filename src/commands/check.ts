import { loadConfig } from '../config/load-config.ts';
import { loadPacks } from '../config/load-packs.ts';
import { Knowledge } from '../dialogue/knowledge.ts';
import { loadEncoderFolder } from '../inference/encoder/load-encoder-folder.ts';
import type { Command } from './command.ts';
import { parseOptions } from './parse-options.ts';

const HELP = `usage: zhanggui check [--json]

Reads configuration, packs and the encoder and lists what is wrong or missing: schema errors with
file and line, answers that lack a fact of the branch (they are never shown), topics that no pack
has. Exit code 0 when nothing is.

  --json   one JSON object instead of lines`;

/** `zhanggui check`. */
export const check: Command = async (args, { root, print }) => {
  const { values } = parseOptions(args, {
    help: { type: 'boolean', short: 'h', default: false },
    json: { type: 'boolean', default: false },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const config = await loadConfig(root);
  const { packs, training, calibration } = await loadPacks(config.paths.packs, config.site.packs);
  const encoder = await loadEncoderFolder(config.paths.encoder);
  const knowledge = new Knowledge(packs, config.site.facts);
  const declared = new Set(packs.flatMap((pack) => pack.facts.map((fact) => fact.name)));
  const problems = [
    ...knowledge
      .missingFacts()
      .map(
        ({ intent, language, fact }) =>
          `${intent}: the ${language} answer lacks the fact "${fact}"; fill it in under facts`,
      ),
    ...config.site.topics
      .filter((id) => knowledge.intent(id) === null)
      .map((id) => `topic "${id}" is an intent of no active pack`),
    ...Object.keys(config.site.facts)
      .filter((name) => !declared.has(name))
      .map((name) => `fact "${name}" is used by no active pack`),
  ];
  const summary = {
    site: config.site.id,
    packs: packs.map(({ id, version, intents }) => ({ id, version, intents: intents.length })),
    utterances: training.length,
    calibration: calibration.length,
    encoder: encoder.dimensions,
    problems,
  };
  if (values.json) print(JSON.stringify(summary));
  else {
    print(
      `site ${summary.site}, profile ${config.profile.id}, encoder of ${summary.encoder} dimensions`,
    );
    for (const pack of summary.packs)
      print(`pack ${pack.id} ${pack.version}: ${pack.intents} intents`);
    for (const problem of problems) print(`  ${problem}`);
    print(problems.length === 0 ? 'nothing is wrong or missing' : `${problems.length} problem(s)`);
  }
  return problems.length === 0 ? 0 : 1;
};
