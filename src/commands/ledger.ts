import { join } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import { createFileRoot } from '../platform/durable-files.ts';
import { type LedgerVerdict, verifyLedger } from '../vault/ledger/verify-ledger.ts';
import { loadMasterKey } from '../vault/master-key.ts';
import { deriveKey } from '../vault/sealing.ts';
import type { Command } from './command.ts';
import { parseOptions } from './parse-options.ts';

const HELP = `usage: zhanggui ledger verify [--json]

Walks every segment of the sealed ledger: tags, hash chain, sequences. Changes nothing and may run
while the box does. Exit code 0 when all is whole.

  --json   one JSON object instead of lines

The data folder and the key are those of the box: ZHANGGUI_DATA, ZHANGGUI_KEY_FILE or
ZHANGGUI_PASSPHRASE say otherwise.`;

/** `zhanggui ledger verify`. */
export const ledger: Command = async (args, { root, print }) => {
  const options = {
    help: { type: 'boolean', short: 'h', default: false },
    json: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseOptions(args, options, 1);
  if (values.help || positionals[0] !== 'verify') {
    print(HELP);
    return values.help ? 0 : 2;
  }
  const config = await loadConfig(root);
  const files = createFileRoot(join(config.paths.data, 'vault'));
  const source =
    config.key.kind === 'file'
      ? { from: 'file' as const, path: config.key.path, createIfMissing: false }
      : { from: 'passphrase' as const, passphrase: config.key.passphrase };
  const { key } = await loadMasterKey(files, source);
  const verdict = await verifyLedger(files, (purpose) => deriveKey(key, purpose));
  for (const line of values.json ? [JSON.stringify(verdict)] : describe(verdict)) print(line);
  return verdict.ok ? 0 : 1;
};

function describe(verdict: LedgerVerdict): string[] {
  const { events, segments, lastSequence, chainHead, problems } = verdict;
  return [
    `${events} events in ${segments} segment(s), up to ${lastSequence}`,
    `chain head ${chainHead}`,
    ...problems.map(({ segment, from, to, what }) => {
      const range = from === null ? '' : `, events ${from} to ${to ?? 'the end'}`;
      return `${segment}${range}: ${what}`;
    }),
    verdict.ok ? 'the ledger is whole' : `${problems.length} problem(s)`,
  ];
}
