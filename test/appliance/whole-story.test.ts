import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from '../support/run-program.ts';

const story = suite('zhanggui smoke');

type Told = {
  readonly ok: boolean;
  readonly steps: readonly { readonly step: string; readonly ok: boolean; readonly saw: string }[];
};

// Where no model of these packs is in data/models yet, the first start trains one.
const LIMIT_MS = 500_000;

story('the whole story holds over real HTTPS', async () => {
  const { code, out, err } = await runProgram(['smoke', '--json'], {}, LIMIT_MS);
  const [line = '', ...rest] = out.trimEnd().split('\n');
  assert.equal(rest, [], 'one JSON object and nothing else');
  const told = JSON.parse(line) as Told;
  const broken = told.steps.filter((step) => !step.ok);
  assert.equal(broken, [], err);
  assert.ok(told.ok);
  assert.is(code, 0);
  assert.ok(told.steps.length >= 17, `${told.steps.length} steps`);
  assert.match(told.steps.at(-1)?.saw ?? '', /^[1-9]\d* events, each once/);
});

story.run();
