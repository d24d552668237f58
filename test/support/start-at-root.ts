import { start } from '../../src/commands/start.ts';

// `zhanggui start` for an installation other than this one: its root is the first argument.
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
process.exitCode = await start([], {
  root: process.argv[2] ?? '',
  print: (line) => process.stdout.write(`${line}\n`),
  stopped: stopping.signal,
});
