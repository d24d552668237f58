import { once } from 'node:events';
import { ApplianceError } from '../domain/errors.ts';
import { createJsonLog } from '../platform/json-log.ts';
import { systemClock } from '../platform/system-clock.ts';
import { type Answering, createAnswering } from './create-answering.ts';
import { Headquarters } from './headquarters.ts';
import { HELP, type HqCommand, parseHqCommand } from './hq-command.ts';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

async function runUntilStopped(hq: Headquarters): Promise<void> {
  const stopping = new AbortController();
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const report = await hq.start(stopping.signal);
  if (report.keyWarning !== null) print(`warning: ${report.keyWarning}`);
  if (report.accessKey !== null) print(`access key, shown only now: ${report.accessKey}`);
  if (report.tokenFile !== null) print(`enrolment token in: ${report.tokenFile}`);
  print(`fleet page: https://localhost:${report.pagePort}/`);
  print(`headquarters ready: https://localhost:${report.port}`);
  await stopped;
  stopping.abort();
  await hq.stop();
}

const clock = systemClock;
const log = createJsonLog('info', process.stderr);

function createHeadquarters(command: HqCommand, answering: Answering | null): Headquarters {
  return new Headquarters({ ...command, answering, clock, log });
}

async function run(argv: readonly string[]): Promise<void> {
  const command = parseHqCommand(argv);
  const { modelsDir, cacheDir, packs } = command;
  switch (command.command) {
    case 'help':
      print(HELP);
      return;
    case 'token':
      print(await createHeadquarters(command, null).makeToken(command.appliance));
      return;
    case 'reset-access-key':
      print(await createHeadquarters(command, null).resetAccessKey());
      return;
    case 'start': {
      const engine = { packs, cacheDir, clock, log };
      const answering = modelsDir === null ? null : await createAnswering({ ...engine, modelsDir });
      await runUntilStopped(createHeadquarters(command, answering));
    }
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  const reason = error instanceof ApplianceError ? error.message : String(error);
  process.stderr.write(`headquarters: ${reason}\n`);
  process.exitCode = 1;
});
