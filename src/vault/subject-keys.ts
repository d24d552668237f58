import { createHash, randomBytes } from 'node:crypto';
import { Low } from 'lowdb';
import { z } from 'zod';
import { InternalError } from '../domain/errors.ts';
import type { Part } from '../domain/part.ts';
import type { Log } from '../domain/ports.ts';
import type { FileRoot } from '../platform/durable-files.ts';
import type { PersonalSealer } from './ledger/ledger-options.ts';
import { SealedAdapter } from './sealed-adapter.ts';
import { type DeriveKey, KEY_BYTES, openBox, sealBox } from './sealing.ts';

/** What the keys of subjects are kept in. */
export type SubjectKeysOptions = {
  readonly files: FileRoot;
  readonly derive: DeriveKey;
  readonly log: Log;
};

/** Subject → key, base64. */
const Shard = z.record(z.string(), z.base64());
type Shard = z.infer<typeof Shard>;
type OpenShard = { readonly adapter: SealedAdapter<Shard>; readonly store: Low<Shard> };

const Personal = z.record(z.string(), z.string());
const SHARD_NAME = /^subjects-([0-9a-f]{2})(\.previous)?\.zgd$/;

/**
 * Keeps one key per person and seals what identifies them; destroying the key erases that
 * everywhere, in old backups and at headquarters too.
 */
export class SubjectKeys implements Part, PersonalSealer {
  readonly name = 'subject-keys';
  readonly vital = true;
  readonly #options: SubjectKeysOptions;
  /** 256 of them, by the first byte of the subject's hash: one new key rewrites one small file. */
  readonly #shards = new Map<string, OpenShard>();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: SubjectKeysOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#options.files.make();
    const names = await this.#options.files.list();
    const shards = new Set(names.map((name) => SHARD_NAME.exec(name)?.[1]));
    for (const shard of shards) if (shard !== undefined) await this.#shard(shard).store.read();
  }

  async stop(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  /** @see PersonalSealer.ensureKeys */
  ensureKeys(subjects: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      const missing = new Map<string, Shard>();
      for (const subject of subjects) {
        if (this.#keyOf(subject) !== null) continue;
        const shard = shardOf(subject);
        const grown = missing.get(shard) ?? { ...this.#shard(shard).store.data };
        grown[subject] ??= randomBytes(KEY_BYTES).toString('base64');
        missing.set(shard, grown);
      }
      // A key is used only once it is durable: an event must never outlive its key by accident.
      for (const [shard, grown] of missing) {
        await this.#shard(shard).adapter.write(grown);
        this.#shard(shard).store.data = grown;
      }
    });
  }

  /** @see PersonalSealer.seal */
  seal(subject: string, personal: Readonly<Record<string, string>>): Record<string, string> {
    const key = this.#keyOf(subject);
    if (key === null) {
      throw new InternalError('INTERNAL_UNEXPECTED', {
        detail: 'Personal fields were to be sealed before their subject had a key.',
      });
    }
    const json = Buffer.from(JSON.stringify(personal));
    return { sealed: sealBox(key, json, Buffer.from(subject)).toString('base64') };
  }

  /** @see PersonalReader.readPersonal */
  readPersonal(event: {
    readonly subject: string | null;
    readonly personal?: Readonly<Record<string, string>>;
  }): Readonly<Record<string, string>> | null {
    if (event.personal === undefined || event.subject === null) return {};
    const key = this.#keyOf(event.subject);
    if (key === null) return null;
    const sealed = Buffer.from(event.personal['sealed'] ?? '', 'base64');
    const opened = openBox(key, sealed, Buffer.from(event.subject));
    return opened === null ? null : Personal.parse(JSON.parse(opened.toString('utf8')));
  }

  /** Erases a person: their sealed fields cannot be opened by anyone any more. */
  destroySubjectKey(subject: string): Promise<void> {
    return this.#inTurn(async () => {
      const { adapter, store } = this.#shard(shardOf(subject));
      const { [subject]: _destroyed, ...kept } = store.data;
      await adapter.overwrite(kept);
      store.data = kept;
    });
  }

  #keyOf(subject: string): Buffer | null {
    const shard = this.#shards.get(shardOf(subject));
    const key = shard && Object.hasOwn(shard.store.data, subject) && shard.store.data[subject];
    return key ? Buffer.from(key, 'base64') : null;
  }

  #shard(shard: string): OpenShard {
    const known = this.#shards.get(shard);
    if (known !== undefined) return known;
    const { files, derive, log } = this.#options;
    const name = `subjects-${shard}`;
    const key = derive('subject-keys');
    const adapter = new SealedAdapter({ files, name, version: 1, key, log, parse: Shard.parse });
    const opened = { adapter, store: new Low<Shard>(adapter, {}) };
    this.#shards.set(shard, opened);
    return opened;
  }

  /** One change after the other: two must not start from the same copy. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const turn = this.#writing.catch(() => undefined).then(change);
    this.#writing = turn;
    return turn;
  }
}

function shardOf(subject: string): string {
  return createHash('sha256').update(subject).digest('hex').slice(0, 2);
}
