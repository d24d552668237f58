import { createFileRoot } from '../../src/platform/durable-files.ts';
import { note, startNotes } from './vault-world.ts';

const folder = process.argv[2] ?? '';
const { ledger } = await startNotes(createFileRoot(folder));
for (let round = 0; ; round++) {
  const commits = ['a', 'b', 'c'].map((part) => ledger.commit([note(`${round}${part}`)]));
  for (const events of await Promise.all(commits)) {
    for (const { sequence, data } of events) process.stdout.write(`${sequence} ${data.text}\n`);
  }
}
