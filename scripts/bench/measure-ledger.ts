import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { laneOf, type NewEvent } from '../../src/domain/events.ts';
import { createFileRoot, type FileRoot } from '../../src/platform/durable-files.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { Vault } from '../../src/vault/vault.ts';
import { silentLog } from './bare-encoder.ts';
import type { BenchWorld } from './bench-world.ts';
import { mean } from './percentiles.ts';
import type { Line, Section } from './report.ts';
import { sampleTurn } from './sample-turn.ts';

const GROUPS = [1, 16, 64];

type Figures = {
  readonly group: number;
  readonly ledgerPerSecond: number;
  readonly barePerSecond: number;
};

/** Measures durable commits of a turn beside the bare append and fdatasync of the same bytes. */
export async function measureLedger(world: BenchWorld): Promise<Section> {
  const { sizes, folder, say } = world;
  const event = sampleTurn();
  const json = JSON.stringify(event);
  const files = createFileRoot(join(folder, 'ledger-beside'));
  const vault = new Vault<NewEvent>({
    files: files.folder('vault'),
    masterKey: { from: 'value', value: randomBytes(32).toString('hex') },
    ...{ clock: systemClock, log: silentLog, laneOf },
  });
  await vault.start(new AbortController().signal);
  const bare = await BareAppends.open(files);
  const figures: Figures[] = [];
  try {
    for (const group of GROUPS) {
      say(`ledger, ${group} commit(s) at a time`);
      const ledgerBlocks: number[] = [];
      const bareBlocks: number[] = [];
      for (let block = 0; block < sizes.ledgerBlocks; block += 1) {
        ledgerBlocks.push(await commitFor(sizes.ledgerBlockMs, group, vault, event));
        bareBlocks.push(await bare.appendFor(sizes.ledgerBlockMs, group, Buffer.from(json)));
      }
      const [ledgerPerSecond, barePerSecond] = [mean(ledgerBlocks), mean(bareBlocks)];
      figures.push({ group, ledgerPerSecond, barePerSecond });
    }
  } finally {
    await bare.close();
    await vault.stop();
  }
  return {
    title: `ledger: durable commits of one turn (${Buffer.byteLength(json)} bytes) beside bare append + fdatasync of the same bytes`,
    lines: figures.map(ledgerLine),
    notes: ['bare: one write and one fdatasync for the whole group at the end of a growing file'],
    raw: { eventBytes: Buffer.byteLength(json), figures },
  };
}

/** As many commits at a time as `group`, each followed by the next; commits per second. */
async function commitFor(
  durationMs: number,
  group: number,
  { ledger }: Vault<NewEvent>,
  event: NewEvent,
): Promise<number> {
  const startTick = performance.now();
  const endTick = startTick + durationMs;
  let committed = 0;
  const commit = async (): Promise<void> => {
    while (performance.now() < endTick) {
      await ledger.commit([event]);
      committed += 1;
    }
  };
  await Promise.all(Array.from({ length: group }, commit));
  return (committed * 1000) / (performance.now() - startTick);
}

/** What the ledger stands on, without the ledger. */
class BareAppends {
  readonly #file: Awaited<ReturnType<FileRoot['open']>>;
  #end = 0;

  constructor(file: Awaited<ReturnType<FileRoot['open']>>) {
    this.#file = file;
  }

  static async open(files: FileRoot): Promise<BareAppends> {
    await files.make();
    return new BareAppends(await files.open('bare', 'create'));
  }

  /** Appends per second, `group` of them sharing a write and a sync. */
  async appendFor(durationMs: number, group: number, bytes: Buffer): Promise<number> {
    const together = Buffer.concat(Array.from({ length: group }, () => bytes));
    const startTick = performance.now();
    let appended = 0;
    while (performance.now() - startTick < durationMs) {
      await this.#file.write(together, this.#end);
      await this.#file.sync();
      this.#end += together.length;
      appended += group;
    }
    return (appended * 1000) / (performance.now() - startTick);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function ledgerLine({ group, ledgerPerSecond, barePerSecond }: Figures): Line {
  const ratio = ledgerPerSecond / barePerSecond;
  return {
    what: `${group} at a time`,
    figure: `${ledgerPerSecond.toFixed(0)} commits/s`,
    beside: `bare ${barePerSecond.toFixed(0)} appends/s`,
    ratio,
    claims: [
      { level: 'must', text: '≥ 0.5 × bare', met: ratio >= 0.5 },
      { level: 'goal', text: '≥ 0.8 × bare', met: ratio >= 0.8 },
    ],
  };
}
