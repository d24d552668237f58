import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const runner = suite('test runner');
// Below the project, so that planted files find uvu and tsx as real ones do.
const scratch = join('node_modules', '.cache', 'test-runner');
await mkdir(scratch, { recursive: true });
const folders: string[] = [];
runner.after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

type Verdict = { readonly code: number | null; readonly lastLine: string; readonly output: string };

/** Runs the runner over a folder that holds these files only. */
async function runOver(files: Record<string, string>, ...flags: string[]): Promise<Verdict> {
  const folder = await mkdtemp(join(scratch, 'run-'));
  folders.push(folder);
  for (const [name, source] of Object.entries(files)) await writeFile(join(folder, name), source);
  return runWith(folder, ...flags);
}

function runWith(...args: string[]): Promise<Verdict> {
  const child = spawn(process.execPath, ['scripts/test.mjs', ...args]);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  return new Promise((resolve) =>
    child.on('close', (code) =>
      resolve({ code, output, lastLine: output.trimEnd().split('\n').at(-1) ?? '' }),
    ),
  );
}

/** Something was wrong, and both the exit code and the last line say so. */
function assertFailed({ code, lastLine, output }: Verdict, reason: RegExp): void {
  assert.is(code, 1, output);
  assert.match(lastLine, /^\d+ passed, [1-9]\d* failed$/);
  assert.match(output, reason);
}

// Spelt so that the runner, which reads this file too, does not take a planted suite for one of its own.
const SUITE = 'suite';
const HEAD = `import { suite } from 'uvu';\nimport * as assert from 'uvu/assert';\nconst test = ${SUITE}('planted');\n`;
const GOOD = `${HEAD}test('one', () => assert.ok(true));\ntest('two', () => assert.ok(true));\ntest.run();\n`;

runner('counts what passed', async () => {
  const { code, lastLine } = await runOver({ 'good.test.ts': GOOD, 'helper.ts': 'export {};' });
  assert.is(code, 0);
  assert.is(lastLine, '2 passed, 0 failed');
});

runner('still fails when only one file of several does', async () => {
  const bad = `${HEAD}test('wrong', () => assert.is(1, 2));\ntest.run();\n`;
  const verdict = await runOver({ 'bad.test.ts': bad, 'good.test.ts': GOOD });
  assertFailed(verdict, /bad\.test\.ts: exit code 1/);
  assert.is(verdict.lastLine, '2 passed, 1 failed');
});

/** What uvu, or an inattentive runner, lets pass: one planted file each, and what must be said. */
const TRAPS: Record<string, { readonly source: string; readonly says: RegExp }> = {
  'a failing assertion': {
    source: `test('wrong', () => assert.is(1, 2));\ntest.run();`,
    says: /exit code 1/,
  },
  'a throwing before': {
    source: `test.before(() => { throw new Error('no'); });\ntest('one', () => {});\ntest.run();`,
    says: /hook threw/,
  },
  'a throwing after.each': {
    source: `test.after.each(() => { throw new Error('no'); });\ntest('one', () => {});\ntest('two', () => {});\ntest.run();`,
    says: /hook threw/,
  },
  'a throwing after': {
    source: `test.after(() => { throw new Error('no'); });\ntest('one', () => {});\ntest.run();`,
    says: /exit code 1/,
  },
  'a missing run': { source: `test('one', () => {});`, says: /never \.run\(\)/ },
  'a second suite that is not run': {
    source: `const more = ${SUITE}('more');\nmore('two', () => {});\ntest('one', () => {});\ntest.run();`,
    says: /never \.run\(\)/,
  },
  'the same suite run twice, the other never': {
    source: `const more = ${SUITE}('more');\nmore('two', () => {});\ntest('one', () => {});\ntest.run();\ntest.run();`,
    says: /never \.run\(\)/,
  },
  'a test behind the run': {
    source: `test('one', () => {});\ntest.run();\ntest('never', () => assert.is(1, 2));`,
    says: /behind its \.run\(\)/,
  },
  'a run that is only a comment': {
    source: `test('one', () => {});\n// test.run();`,
    says: /never \.run\(\)/,
  },
  'a stray only': {
    source: `test.only('one', () => {});\ntest('two', () => {});\ntest.run();`,
    says: /\.only or \.skip/,
  },
  'a skip': {
    source: `test('one', () => {});\ntest.skip('two', () => {});\ntest.run();`,
    says: /\.only or \.skip/,
  },
  'a suite without a test': { source: 'test.run();', says: /ran no test/ },
  'throw null': {
    source: `test('one', () => { throw null; });\ntest.run();`,
    says: /hook threw|exit code/,
  },
  'an exit in the middle': {
    source: `test('one', () => process.exit(0));\ntest('two', () => {});\ntest.run();`,
    says: /exit code|ran no test/,
  },
  'an exit code other than 0': {
    source: `test('one', () => {});\ntest.run();\nprocess.on('exit', () => { process.exitCode = 3; });`,
    says: /exit code 3/,
  },
  'a promise that nobody settles': {
    source: `test('one', () => new Promise(() => {}));\ntest.run();`,
    says: /exit code|ran no test/,
  },
  'a rejection that nobody handles': {
    source: `test('one', () => { setTimeout(() => Promise.reject(new Error('late')), 20); });\ntest.run();`,
    says: /exit code 1/,
  },
  'a file that does not parse': { source: 'const = ;', says: /exit code 1/ },
  'totals that a test prints itself': {
    source: `test('one', () => { console.log('  Total:     1\\n  Passed:    1\\n  Skipped:   0'); process.exit(0); });\ntest.run();`,
    says: /exit code|ran no test/,
  },
};

for (const [trap, { source, says }] of Object.entries(TRAPS))
  runner(`fails on ${trap}`, async () => {
    assertFailed(await runOver({ 'planted.test.ts': `${HEAD}${source}\n` }), says);
  });

runner('ends a process that does not end by itself', async () => {
  const source = `${HEAD}setInterval(() => {}, 1000);\ntest('one', () => {});\ntest.run();\n`;
  const verdict = await runOver({ 'endless.test.ts': source }, '--timeout-ms', '1500');
  assertFailed(verdict, /took longer than its time limit/);
});

runner('ends what a file leaves running behind it, and fails', async () => {
  const left = `import { spawn } from 'node:child_process';\nspawn('sleep', ['600'], { stdio: 'inherit' }).unref();\n`;
  const source = `${left}${HEAD}test('one', () => {});\ntest.run();\n`;
  const verdict = await runOver({ 'leaves.test.ts': source }, '--timeout-ms', '1500');
  assertFailed(verdict, /took longer than its time limit/);
});

runner('fails when there is no test file', async () => {
  assertFailed(await runOver({ 'helper.ts': 'export {};' }), /no test file was found/);
  assertFailed(await runOver({ 'good.test.ts': GOOD }, '--only', 'nothing'), /no test file/);
  assertFailed(await runWith(join(scratch, 'there-is-no-such-folder')), /no test file was found/);
});

runner('runs test files of every extension', async () => {
  const plain = `import { suite } from 'uvu';\nconst test = ${SUITE}('p');\ntest('one', () => {});\ntest.run();\n`;
  const files = {
    'a.test.ts': plain,
    'b.test.mjs': plain,
    'c.test.js': plain,
    'd.test.tsx': plain,
  };
  const { code, lastLine, output } = await runOver(files);
  assert.is(code, 0, output);
  assert.is(lastLine, '4 passed, 0 failed');
});

runner('refuses flags that would make it run nothing', async () => {
  for (const flags of [['--jobs', '0'], ['--jobs', 'x'], ['--timeout-ms', 'x'], ['--unknown']]) {
    const { code, lastLine, output } = await runOver({ 'good.test.ts': GOOD }, ...flags);
    assert.is(code, 2, `${flags}: ${output}`);
    assert.not.match(lastLine, / 0 failed$/);
  }
});

runner.run();
