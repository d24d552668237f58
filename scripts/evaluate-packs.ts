// Prints how the packs' held-out questions are read with all packs active together:
// node --import tsx scripts/evaluate-packs.ts [--json]
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadPacks } from '../src/config/load-packs.ts';
import { decide } from '../src/dialogue/decide.ts';
import type { Log, Thresholds, Understanding } from '../src/domain/ports.ts';
import { EncoderEngine } from '../src/inference/encoder-engine.ts';
import { systemClock } from '../src/platform/system-clock.ts';

const PACKS = ['banking', 'ecommerce'];
const STATED_ERROR_RATE = 0.05;
const DEADLINE_MS = 60_000;

type Row = {
  readonly set: string;
  readonly questions: number;
  /** Share whose best intent is the right one; null for out-of-scope questions. */
  readonly top1: number | null;
  readonly answered: number;
  /** Share of the answers that are wrong; null when nothing is answered. */
  readonly wrongWhenAnswered: number | null;
  /** Share that is answered rightly, or offered the right intent as a button. */
  readonly helped: number | null;
};

type Question = { readonly text: string; readonly intent: string | null };

async function readQuestions(file: string): Promise<Question[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [text = '', label = ''] = line.split('\t');
    return { text, intent: label === 'oos' ? null : label };
  });
}

/** What became of one question. */
type Outcome = {
  readonly isRight: boolean;
  readonly isAnswered: boolean;
  readonly isOffered: boolean;
};

function judge(
  { intent }: Question,
  { candidates }: Understanding,
  thresholds: Thresholds,
): Outcome {
  const decision = decide(candidates, thresholds, 0);
  return {
    isRight: intent !== null && candidates[0]?.intent === intent,
    isAnswered: decision.kind === 'answer',
    isOffered: decision.kind === 'choose' && intent !== null && decision.intents.includes(intent),
  };
}

async function measure(
  set: string,
  questions: readonly Question[],
  read: (text: string) => Promise<Understanding>,
  thresholds: Thresholds,
): Promise<Row> {
  const outcomes: Outcome[] = [];
  for (const question of questions)
    outcomes.push(judge(question, await read(question.text), thresholds));
  const isForeign = questions.every(({ intent }) => intent === null);
  const share = (is: (outcome: Outcome) => boolean) => outcomes.filter(is).length / outcomes.length;
  const answered = share((one) => one.isAnswered);
  const wrong = share((one) => one.isAnswered && !one.isRight);
  return {
    set,
    questions: questions.length,
    top1: isForeign ? null : share((one) => one.isRight),
    answered,
    wrongWhenAnswered: answered === 0 ? null : wrong / answered,
    helped: isForeign ? null : share((one) => (one.isAnswered ? one.isRight : one.isOffered)),
  };
}

const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const quiet: Log = { debug() {}, info() {}, warn: console.error, error: console.error };
  const packs = await loadPacks('models/packs', PACKS);
  const engine = new EncoderEngine(
    { encoderFolder: 'models/encoder', cacheFolder: 'data/models' },
    { clock: systemClock, log: quiet },
  );
  await engine.start(new AbortController().signal);
  const report = await engine.activate({ ...packs, statedErrorRate: STATED_ERROR_RATE });
  const rows: Row[] = [];
  for (const language of ['zh', 'en']) {
    const files = PACKS.map((pack) => `models/packs/${pack}/test.${language}.tsv`);
    const questions = (await Promise.all(files.map(readQuestions))).flat();
    const foreign = await readQuestions(`models/packs/common/out-of-scope-test.${language}.tsv`);
    const read = (text: string) => engine.understand(text, DEADLINE_MS);
    rows.push(
      await measure(`${PACKS.join(' + ')}, ${language}`, questions, read, report.thresholds),
    );
    rows.push(await measure(`out of scope, ${language}`, foreign, read, report.thresholds));
  }
  await engine.stop();
  const { intents, utterances, thresholds } = report;
  if (values.json) {
    console.log(JSON.stringify({ intents, utterances, thresholds, rows }));
    return;
  }
  console.log(
    `${intents} intents, ${utterances} utterances, stated error rate ${STATED_ERROR_RATE}`,
  );
  for (const { set, questions, top1, answered, wrongWhenAnswered, helped } of rows)
    console.log(
      `${set}: ${questions} questions, top-1 ${percent(top1)}, answered ${percent(answered)}, ` +
        `wrong when answered ${percent(wrongWhenAnswered)}, answered or offered ${percent(helped)}`,
    );
}

await main();
