import { join } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import { createFileRoot } from '../platform/durable-files.ts';
import { verifyLedger } from '../vault/ledger/verify-ledger.ts';
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
  const { values, positionals } = parseOptions(args, {
    help: { type: 'boolean', short: 'h', default: false },
    json: { type: 'boolean', default: false },
  });
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
  if (values.json) print(JSON.stringify(verdict));
  else {
    print(
      `${verdict.events} events in ${verdict.segments} segment(s), up to ${verdict.lastSequence}`,
    );
    print(`chain head ${verdict.chainHead}`);
    for (const { segment, what } of verdict.problems) print(`${segment}: ${what}`);
    print(verdict.ok ? 'the ledger is whole' : `${verdict.problems.length} problem(s)`);
  }
  return verdict.ok ? 0 : 1;
};
