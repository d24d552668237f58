#!/usr/bin/env node
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from './commands/command.ts';
import { ERROR_CATALOGUE } from './domain/error-catalogue.ts';
import { ApplianceError } from './domain/errors.ts';
import { ownValue } from './domain/own-value.ts';

const USAGE = `掌柜 Zhanggui — answers customers on the box

usage: zhanggui <command> [options]      (every command has --help)

  start            run the appliance
  check            read configuration and packs and list what is wrong or missing
  smoke            walk the whole story over real HTTPS, as after an installation
  evaluate         measure the encoder and head on your own data
  ledger verify    walk the sealed ledger and report what is damaged`;

const REFUSED_BY_SYSTEM =
  'The operating system refused this: check the path, its permissions and free space. 操作系统拒绝了这一步：检查路径、权限和剩余空间。';

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./commands/start.ts')).start,
  check: async () => (await import('./commands/check.ts')).check,
  smoke: async () => (await import('./commands/smoke.ts')).smoke,
  evaluate: async () => (await import('./commands/evaluate.ts')).evaluate,
  ledger: async () => (await import('./commands/ledger.ts')).ledger,
};

async function main([name = '--help', ...args]: readonly string[]): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stopping.abort(signal));
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const load = ownValue(COMMANDS, name);
  if (!load) {
    const isHelp = ['--help', '-h', 'help'].includes(name);
    print(isHelp ? USAGE : `zhanggui: there is no command "${name}"\n\n${USAGE}`);
    return isHelp ? 0 : 2;
  }
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const command = await load();
  return command(args, { root, print, stopped: stopping.signal });
}

/** One line that says what failed and what to do; the exit code says whether it was the call itself. */
function explain(thrown: unknown): number {
  if (thrown instanceof AggregateError) return Math.max(...thrown.errors.map(explain));
  if (thrown instanceof ApplianceError) {
    const { zh, en } = ERROR_CATALOGUE[thrown.code].advice;
    process.stderr.write(`zhanggui: ${thrown.message} — ${en} ${zh}\n`);
    return thrown.code === 'COMMAND_USAGE' ? 2 : 1;
  }
  // Anything else is a defect: its stack is what a developer needs.
  if (!(thrown instanceof Error && 'syscall' in thrown)) throw thrown;
  process.stderr.write(`zhanggui: ${thrown.message} — ${REFUSED_BY_SYSTEM}\n`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(explain);
