import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check } from '../../src/commands/check.ts';
import type { Command } from '../../src/commands/command.ts';
import { evaluate } from '../../src/commands/evaluate.ts';
import { ledger } from '../../src/commands/ledger.ts';
import { smoke } from '../../src/commands/smoke.ts';
import { start } from '../../src/commands/start.ts';
import { ApplianceError } from '../../src/domain/errors.ts';
import { runProgram } from '../support/run-program.ts';

const usage = suite('usage of the commands');

const COMMANDS: Readonly<Record<string, Command>> = { start, check, smoke, evaluate, ledger };

async function run(command: Command, ...args: string[]) {
  const lines: string[] = [];
  const io = {
    root: process.cwd(),
    print: (line: string) => lines.push(line),
    stopped: AbortSignal.abort(),
  };
  return { code: await command(args, io), text: lines.join('\n') };
}

for (const [name, command] of Object.entries(COMMANDS)) {
  usage(`${name} --help prints its usage and does nothing else`, async () => {
    const { code, text } = await run(command, '--help');
    assert.is(code, 0);
    assert.match(text, new RegExp(`zhanggui ${name}`));
  });

  usage(`${name} refuses an option that it does not know, by name`, async () => {
    try {
      await run(command, '--colour', 'red');
      assert.unreachable();
    } catch (error) {
      assert.instance(error, ApplianceError);
      assert.is((error as ApplianceError).code, 'COMMAND_USAGE');
      assert.match((error as ApplianceError).message, /--colour/);
    }
  });

  usage(`${name} refuses an argument that it does not take`, async () => {
    const outcome = await run(command, 'surplus').catch((error: ApplianceError) => error);
    if (outcome instanceof Error) assert.is(outcome.code, 'COMMAND_USAGE');
    else assert.is(outcome.code, 2, outcome.text);
  });
}

usage('ledger wants to be told what to do', async () => {
  const { code, text } = await run(ledger);
  assert.is(code, 2);
  assert.match(text, /^usage: zhanggui ledger verify/);
});

usage('the program lists its commands, and names one that it does not have', async () => {
  const [help, nothing, unknown] = await Promise.all([
    runProgram(['--help']),
    runProgram([]),
    runProgram(['constructor']),
  ]);
  for (const name of Object.keys(COMMANDS)) assert.match(help.out, new RegExp(`^  ${name}`, 'm'));
  assert.equal([help.code, help.err], [0, '']);
  assert.is(nothing.out, help.out);
  assert.is(unknown.code, 2);
  assert.match(unknown.out + unknown.err, /there is no command "constructor"/);
});

usage('the program ends with 2 and one line when an option is wrong', async () => {
  const { code, out, err } = await runProgram(['check', '--colour']);
  assert.is(code, 2);
  assert.is(out, '');
  assert.match(err, /^zhanggui: COMMAND_USAGE: .*--colour.* — .*--help.*\n$/);
});

usage.run();
