// npm run bench: measures the real server beside the bare encoder and the bare disk, in one run.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/config/load-config.ts';
import { BareEncoder } from './bare-encoder.ts';
import { createBenchBox } from './bench-box.ts';
import { BENCH_SIZES } from './bench-sizes.ts';
import type { BenchWorld } from './bench-world.ts';
import { describeMachine } from './machine.ts';
import { measureLedger } from './measure-ledger.ts';
import { measureLoad } from './measure-load.ts';
import { measureStart } from './measure-start.ts';
import { measureTurn } from './measure-turn.ts';
import { watchNeighbours } from './neighbours.ts';
import { chooseCode } from './program-code.ts';
import { loadQuestions } from './questions.ts';
import { formatMachine, formatNeighbours, formatSection, type Section } from './report.ts';

const USAGE = `usage: npm run bench -- [--only start|turn|load|ledger] [--full | --quick] [--json FILE] [--seed N] [--profile FOLDER]

Starts the real server with a temporary data folder and measures it beside the bare encoder and the
bare disk in the same run. The ratios are the claim; absolute figures are this machine's.

  --only NAME       one part: start (and idle memory), turn, load (and memory after it) or ledger
  --full            longer runs (about 10 minutes instead of 2)
  --quick           shows in half a minute that it works; its figures mean nothing
  --json FILE       where everything measured is written (default data/bench.json)
  --seed N          order of the questions and moments of arrival (default 1)
  --profile FOLDER  V8 CPU profiles of the server, one at each of its stops`;

const PARTS: Readonly<Record<string, (world: BenchWorld) => Promise<Section>>> = {
  start: measureStart,
  turn: measureTurn,
  load: measureLoad,
  ledger: measureLedger,
};

function readOptions() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      only: { type: 'string' },
      full: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      json: { type: 'string', default: 'data/bench.json' },
      seed: { type: 'string', default: '1' },
      profile: { type: 'string' },
    },
  });
  const { only, seed } = values;
  if (only !== undefined && !(only in PARTS))
    throw new Error(`--only ${only}: write one of ${Object.keys(PARTS).join(', ')}`);
  if (!/^\d+$/.test(seed)) throw new Error(`--seed ${seed}: write a whole number`);
  const size = values.full ? 'full' : values.quick ? 'quick' : 'standard';
  return { ...values, size, seed: Number(seed) } as const;
}

type Options = ReturnType<typeof readOptions>;

const say = (line: string): void => console.error(`… ${line}`);

async function measure(
  world: BenchWorld,
  only: string | undefined,
): Promise<Record<string, unknown>> {
  const raw: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(PARTS)) {
    if (only !== undefined && only !== name) continue;
    const shareOfOthers = await watchNeighbours(() => world.box.pid);
    const section = await part(world);
    const others = await shareOfOthers();
    console.log(formatSection(section));
    console.log(formatNeighbours(others));
    raw[name] = { lines: section.lines, ...(section.raw as object), shareOfOthers: others };
  }
  return raw;
}

/** Everything between the first start and the last stop. */
async function run(root: string, folder: string, options: Options) {
  const code = await chooseCode(root);
  const profileFolder = options.profile === undefined ? null : resolve(options.profile);
  const box = await createBenchBox({ root, folder, code, profileFolder });
  const config = await loadConfig(root, box.environment);
  const bare = new BareEncoder(config);
  const texts = await loadQuestions(root, options.seed);
  console.log(
    `server: ${code.kind} (${code.why}); ${texts.length} held-out questions; encoder threads ${config.profile.engine.threads}`,
  );
  const needsServer = options.only !== 'ledger';
  try {
    if (needsServer) {
      say('the server starts for the first time (trains the intents when nothing is in the cache)');
      await box.start();
      await bare.start();
    }
    const { size, seed } = options;
    const sizes = BENCH_SIZES[size];
    const world: BenchWorld = { box, config, bare, texts, seed, sizes, folder, say };
    return { code: code.kind, parts: await measure(world, options.only) };
  } finally {
    await bare.stop();
    await box.stop();
    if (box.errors() !== '') console.error(`the server said:\n${box.errors().slice(0, 4_000)}`);
  }
}

async function main(): Promise<void> {
  if (process.argv.includes('--help') || process.argv.includes('-h')) return console.log(USAGE);
  const options = readOptions();
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const machine = describeMachine();
  console.log(formatMachine(machine));
  const startTick = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-bench-'));
  try {
    const { size, seed } = options;
    const measured = await run(root, folder, options);
    const seconds = (performance.now() - startTick) / 1000;
    const file = resolve(root, options.json);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(
      file,
      `${JSON.stringify({ machine, size, seed, seconds, ...measured }, null, 2)}\n`,
    );
    console.log(`\n${seconds.toFixed(0)} s in all; everything measured is in ${options.json}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main().catch((error: unknown) => {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
