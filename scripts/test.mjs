// Runs every *.test.* file in its own process and fails on everything that uvu lets pass.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';

const USAGE = `usage: node scripts/test.mjs [folder] [--only TEXT] [--slow-first TEXT] [--jobs N] [--timeout-ms N]
Runs the uvu test files below the folder (default: test), one process a file, in parallel.`;

/** Every test file below a folder; none where there is no folder. */
function findTests(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return findTests(path);
    return /\.test\.[cm]?[jt]sx?$/.test(name) ? [path] : [];
  });
}

/** What uvu's closing lines say; 0 where a line is missing. */
function readTotals(output) {
  const read = (label) => Number(output.match(new RegExp(`${label}:\\s+(\\d+)`))?.[1] ?? 0);
  return { total: read('Total'), passed: read('Passed'), skipped: read('Skipped') };
}

/** The suites that a file declares but never runs, and those with tests that stand behind their run. */
function checkSuites(source) {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
  const imported = /import\s*\{[^}]*\btest\b(?:\s+as\s+(\w+))?[^}]*\}\s*from\s*['"]uvu['"]/.exec(
    code,
  );
  const declared = [...code.matchAll(/\b(\w+)\s*=\s*suite\s*[<(]/g)].map((match) => match[1]);
  const suites = new Set(imported ? [...declared, imported[1] ?? 'test'] : declared);
  const behind = (name) => code.slice(code.lastIndexOf(`${name}.run()`) + `${name}.run()`.length);
  return {
    idle: [...suites].filter((name) => !code.includes(`${name}.run()`)),
    late: [...suites].filter((name) => new RegExp(`\\b${name}(\\.only)?\\(`).test(behind(name))),
  };
}

/** Why a file has failed although uvu may not say so; empty when it has passed. */
function findReason({ code, signal, timedOut, totals, suites }) {
  if (timedOut) return 'took longer than its time limit';
  if (signal) return `was killed by ${signal}`;
  if (code !== 0) return `exit code ${code}`;
  if (suites.idle.length > 0) return `${suites.idle} never .run()`;
  if (suites.late.length > 0) return `${suites.late} has a test behind its .run()`;
  if (totals.total === 0) return 'ran no test';
  if (totals.skipped > 0) return `${totals.skipped} skipped: .only or .skip was left in`;
  if (totals.passed !== totals.total) return 'a hook threw and uvu hid it';
  return '';
}

/** Process groups of the files that run now: they end with this process. */
const groups = new Set();

function endGroup(pid) {
  groups.delete(pid);
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

function runFile(file, timeoutMs) {
  return new Promise((resolve) => {
    // A group of its own, so that what a file leaves behind can be ended with it.
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    groups.add(child.pid);
    let output = '';
    let timedOut = false;
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid);
    }, timeoutMs);
    // Not 'exit': whoever a file has left running still holds the pipes, and that is a fault.
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      endGroup(child.pid);
      const totals = readTotals(stripVTControlCharacters(output));
      const suites = checkSuites(readFileSync(file, 'utf8'));
      const reason = findReason({ code, signal, timedOut, totals, suites });
      resolve({ file, output, totals, reason });
    });
  });
}

function readFlags() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      only: { type: 'string', default: '' },
      'slow-first': { type: 'string', default: 'browser|appliance' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      'timeout-ms': { type: 'string', default: '420000' },
    },
  });
  for (const flag of ['jobs', 'timeout-ms'])
    if (!/^[1-9]\d*$/.test(values[flag])) throw new Error(`--${flag} takes a whole number above 0`);
  return { ...values, folder: positionals[0] ?? 'test' };
}

async function main(values) {
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const slow = new RegExp(values['slow-first']);
  const queue = findTests(values.folder)
    .filter((file) => file.includes(values.only))
    .sort((a, b) => Number(slow.test(b)) - Number(slow.test(a)) || a.localeCompare(b));
  let passed = 0;
  let failed = 0;
  if (queue.length === 0) {
    console.log('no test file was found');
    failed = 1;
  }
  const work = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const { output, totals, reason } = await runFile(file, Number(values['timeout-ms']));
      passed += totals.passed;
      if (!reason) continue;
      failed += Math.max(1, totals.total - totals.passed);
      console.log(`\n${file}: ${reason}\n${output}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    for (const pid of groups) endGroup(pid);
    process.exit(130);
  });

let flags;
try {
  flags = readFlags();
} catch (error) {
  console.error(`${error.message}\n\n${USAGE}`);
  process.exit(2);
}
await main(flags);
