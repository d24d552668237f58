import { parseArgs } from 'node:util';
import { z } from 'zod';
import { InputError } from '../domain/errors.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { EncoderEngine } from './encoder-engine.ts';
import {
  type Embed,
  evaluateFaq,
  evaluateIntents,
  evaluatePairs,
  type FaqScores,
  type IntentScores,
} from './evaluation/evaluate.ts';
import { readTable } from './evaluation/read-table.ts';

const HELP = `Measures the encoder and its light head on your own data.

zhanggui evaluate --train FILES --test FILES [--oos FILES] [--error-rate 0.05]
zhanggui evaluate --pairs FILES
zhanggui evaluate --faq KB_FILES,… QUERY_FILES,…

  --train FILES       text<TAB>label, one a line; any language, any labels
  --test FILES        the same, with questions that are not in --train
  --oos FILES         texts that fit none of the labels (further columns are ignored)
  --pairs FILES       text<TAB>text<TAB>number, higher = more alike
  --faq KB QUERIES    text<TAB>id each; a query is right when an entry of its id is found
  --error-rate RATE   share of answers that may be wrong, for the coverage (default 0.05)
  --encoder FOLDER    encoder in Hugging Face layout (default models/encoder)
  --unverified        accept an encoder folder without manifest.json
  --threads N         cores to use (default 2)
  --json              one JSON object, figures 0..1, null where not asked
  --help              this text

FILES are paths with commas between. Prints accuracy, macroF1, oosAuroc, coverage (share answered
when thresholds fitted on held-out folds of --train keep to the error rate), spearman, recall1, recall5.`;

const files = z.string().transform((list) => list.split(',').filter((file) => file !== ''));
const Options = z
  .object({
    train: files.optional(),
    test: files.optional(),
    oos: files.optional(),
    pairs: files.optional(),
    faq: files.optional(),
    queries: files.optional(),
    'error-rate': z.coerce.number().gt(0).lt(1).default(0.05),
    encoder: z.string().min(1).optional(),
    unverified: z.boolean().default(false),
    threads: z.coerce.number().int().min(1).max(64).default(2),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine(
    (o) => (o.train === undefined) === (o.test === undefined),
    '--train and --test go together',
  )
  .refine((o) => o.oos === undefined || o.train !== undefined, '--oos needs --train and --test')
  .refine((o) => (o.faq === undefined) === (o.queries === undefined), '--faq takes two: KB QUERIES')
  .refine(
    (o) => o.help || o.train || o.pairs || o.faq,
    'nothing to do: give --train and --test, --pairs or --faq',
  );
type Options = z.infer<typeof Options>;

/** Figures by name, 0..1 (spearman −1..1); null where not asked. */
type Figures = Record<
  'accuracy' | 'macroF1' | 'oosAuroc' | 'coverage' | 'spearman' | 'recall1' | 'recall5',
  number | null
>;

function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ train: text, test: text, oos: text, pairs: text, faq: text, encoder: text },
        ...{ 'error-rate': text, threads: text, json: flag, help: flag, unverified: flag },
      },
    });
    const [queries, unknown] = positionals;
    if (unknown !== undefined) throw new TypeError(`unexpected argument "${unknown}"`);
    return Options.parse(queries === undefined ? values : { ...values, queries });
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new InputError('COMMAND_USAGE', {
      detail: `${why}; see zhanggui evaluate --help`,
      cause,
    });
  }
}

async function readLabelled(paths: readonly string[]) {
  const rows = await readTable(paths, 2);
  return rows.map(([text = '', intent = '']) => ({ text, intent }));
}

async function readPairs(paths: readonly string[]) {
  const rows = await readTable(paths, 3);
  return rows.map(([first = '', second = '', alike = '']) => {
    if (Number.isFinite(Number(alike))) return { first, second, alike: Number(alike) };
    const detail = `the third column of ${paths.join()} must be a number, not "${alike}"`;
    throw new InputError('COMMAND_USAGE', { detail });
  });
}

async function measureIntents(embed: Embed, options: Options): Promise<IntentScores | null> {
  if (!options.train || !options.test) return null;
  const train = await readLabelled(options.train);
  const test = await readLabelled(options.test);
  const outside = options.oos ? (await readTable(options.oos, 1)).map(([text = '']) => text) : null;
  return evaluateIntents(embed, { train, test, outside, statedErrorRate: options['error-rate'] });
}

async function measureFaq(embed: Embed, options: Options): Promise<FaqScores | null> {
  if (!options.faq || !options.queries) return null;
  const entries = await readLabelled(options.faq);
  return evaluateFaq(embed, entries, await readLabelled(options.queries));
}

async function measure(embed: Embed, options: Options): Promise<Figures> {
  const intents = await measureIntents(embed, options);
  const faq = await measureFaq(embed, options);
  return {
    accuracy: intents?.accuracy ?? null,
    macroF1: intents?.macroF1 ?? null,
    oosAuroc: intents?.oosAuroc ?? null,
    coverage: intents?.coverage ?? null,
    spearman: options.pairs ? await evaluatePairs(embed, await readPairs(options.pairs)) : null,
    recall1: faq?.recall1 ?? null,
    recall5: faq?.recall5 ?? null,
  };
}

function toTable(figures: Figures): string {
  const rows = Object.entries(figures).filter(([, value]) => value !== null);
  return rows.map(([name, value]) => `${name.padEnd(10)} ${value?.toFixed(4)}`).join('\n');
}

const QUIET: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** What the command needs besides its arguments. */
export type EvaluateEdges = {
  readonly clock: Clock;
  /** The encoder that is measured unless `--encoder` names another. */
  readonly encoderFolder: string;
};

/**
 * The command `zhanggui evaluate`.
 *
 * @param args what follows `evaluate` on the command line
 * @param print writes one text to standard output
 * @returns the exit code 0
 * @throws InputError COMMAND_USAGE for wrong arguments and tables, naming file and line
 * @throws ModelError when the encoder does not start
 */
export async function runEvaluate(
  args: readonly string[],
  print: (text: string) => void,
  edges: EvaluateEdges,
): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    print(HELP);
    return 0;
  }
  const engine = new EncoderEngine(
    {
      encoderFolder: options.encoder ?? edges.encoderFolder,
      cacheFolder: null,
      threads: options.threads,
      allowUnverified: options.unverified,
    },
    { clock: edges.clock, log: QUIET },
  );
  try {
    await engine.start(new AbortController().signal);
    const figures = await measure((texts) => engine.embed(texts), options);
    print(options.json ? JSON.stringify(figures) : toTable(figures));
    return 0;
  } finally {
    await engine.stop();
  }
}
