import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check } from '../../src/commands/check.ts';

const checking = suite('zhanggui check');

const folder = await mkdtemp(join(tmpdir(), 'check-'));
const demo = await readFile('firmware-config/sites/demo.yaml', 'utf8');
checking.after(() => rm(folder, { recursive: true, force: true }));

/** Checks a site's text; null: the demo site as it is. */
async function run(site: string | null, ...args: string[]) {
  const file = join(folder, 'site.yaml');
  if (site !== null) await writeFile(file, site);
  const before = { ...process.env };
  process.env['ZHANGGUI_SITE'] = site === null ? 'firmware-config/sites/demo.yaml' : file;
  const lines: string[] = [];
  const io = {
    root: process.cwd(),
    print: (line: string) => lines.push(line),
    stopped: new AbortController().signal,
  };
  try {
    return { code: await check(args, io), lines };
  } finally {
    process.env = before;
  }
}

checking('finds nothing wrong with the demo site', async () => {
  const { code, lines } = await run(null);
  assert.is(code, 0, lines.join('\n'));
  assert.match(lines[0] ?? '', /^site demo, profile kiosk-2core, encoder of \d+ dimensions$/);
  assert.is(lines.filter((line) => /^pack \w+ \d+\.\d+\.\d+: \d+ intents$/.test(line)).length, 3);
  assert.is(lines.at(-1), 'nothing is wrong or missing');
});

checking(
  'lists every answer that lacks a fact, and topics and facts that nothing knows',
  async () => {
    const site = demo
      .replace(/^ {2}service_hotline:.*\n/m, '  no_such_fact: { zh: "1", en: "1" }\n')
      .replace(/^ {2}- banking\.lost_card\n/m, '  - banking.no_such_intent\n');
    assert.is.not(site, demo);
    const { code, lines } = await run(site);
    assert.is(code, 1);
    const text = lines.join('\n');
    for (const language of ['zh', 'en'])
      assert.match(
        text,
        new RegExp(
          `^  [a-z_]+\\.[a-z_]+: the ${language} answer lacks the fact "service_hotline"`,
          'm',
        ),
      );
    assert.match(text, /^ {2}topic "banking\.no_such_intent" is an intent of no active pack$/m);
    assert.match(text, /^ {2}fact "no_such_fact" is used by no active pack$/m);
    const { code: again, lines: json } = await run(site, '--json');
    assert.is(again, 1);
    const summary = JSON.parse(json.join('\n')) as { problems: string[] };
    assert.is(lines.at(-1), `${summary.problems.length} problem(s)`);
  },
);

checking.run();
