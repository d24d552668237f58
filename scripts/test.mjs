// Runs every *.test.* file in its own process and fails on everything that uvu lets pass.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';

const USAGE = `usage: node scripts/test.mjs [folder] [--only TEXT] [--slow-first TEXT] [--jobs N] [--timeout-ms N]
Runs the uvu test files below the folder (default: test), one process a file, in parallel.`;

/** Every test file below a folder. */
function findTests(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return findTests(path);
    return /\.test\.(ts|mts|mjs)$/.test(name) ? [path] : [];
  });
}

/** What uvu's closing lines say; 0 where a line is missing. */
function readTotals(output) {
  const read = (label) => Number(output.match(new RegExp(`${label}:\\s+(\\d+)`))?.[1] ?? 0);
  return { total: read('Total'), passed: read('Passed'), skipped: read('Skipped') };
}

/** How many suites a file declares and how many of them it runs. */
function countSuites(source) {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
  const usesTest = /import\s*\{[^}]*\btest\b[^}]*\}\s*from\s*['"]uvu['"]/.test(code) ? 1 : 0;
  const declared = (code.match(/=\s*suite\s*[<(]/g) ?? []).length + usesTest;
  return { declared, run: (code.match(/\.run\(\)/g) ?? []).length };
}

/** Why a file has failed although uvu may not say so; empty when it has passed. */
function findReason({ code, signal, timedOut, totals, suites }) {
  if (timedOut) return 'took longer than its time limit';
  if (signal) return `was killed by ${signal}`;
  if (code !== 0) return `exit code ${code}`;
  if (suites.run < suites.declared) return `${suites.declared - suites.run} suite(s) never .run()`;
  if (totals.total === 0) return 'ran no test';
  if (totals.skipped > 0) return `${totals.skipped} skipped: .only or .skip was left in`;
  if (totals.passed !== totals.total) return 'a hook threw and uvu hid it';
  return '';
}

function runFile(file, timeoutMs) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let timedOut = false;
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const totals = readTotals(stripVTControlCharacters(output));
      const suites = countSuites(readFileSync(file, 'utf8'));
      const reason = findReason({ code, signal, timedOut, totals, suites });
      resolve({ file, output, totals, reason });
    });
  });
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      only: { type: 'string', default: '' },
      'slow-first': { type: 'string', default: 'browser|appliance' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      'timeout-ms': { type: 'string', default: '180000' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const slow = new RegExp(values['slow-first']);
  const queue = findTests(positionals[0] ?? 'test')
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

await main();
