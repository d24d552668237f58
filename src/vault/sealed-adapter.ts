import type { Adapter } from 'lowdb';
import type { Log } from '../domain/ports.ts';
import { type FileRoot, replaceFile } from '../platform/durable-files.ts';
import { openBox, sealBox } from './sealing.ts';

/** What a sealed document is made of. */
export type SealedAdapterOptions<T> = {
  readonly files: FileRoot;
  /** Name of the document; part of what is authenticated. */
  readonly name: string;
  /** Version of its shape; a document of another version is not read. */
  readonly version: number;
  readonly key: Buffer;
  readonly log: Log;
  /** Checks what was read; throws when it cannot be used. */
  readonly parse: (stored: unknown) => T;
};

const MAGIC = 'ZGD1';
const CLEAR_BYTES = 8;

/**
 * Keeps one lowdb document sealed on disk: magic 4, version 4, then JSON in AES-256-GCM with name
 * and version as associated data. A power cut leaves the old or the new one, and one copy before it
 * is kept. What cannot be read is set aside as `.corrupt`, never written over.
 */
export class SealedAdapter<T> implements Adapter<T> {
  readonly #options: SealedAdapterOptions<T>;

  constructor(options: SealedAdapterOptions<T>) {
    this.#options = options;
  }

  /** Gives the newest copy that can be used; null when there is none. */
  async read(): Promise<T | null> {
    const { name } = this.#options;
    const current = await this.#readCopy(`${name}.zgd`);
    if (current !== null) return current;
    const previous = await this.#readCopy(`${name}.previous.zgd`);
    if (previous !== null) {
      this.#options.log.warn('The previous copy of a document is used', { document: name });
    }
    return previous;
  }

  /** Serialises at once and writes behind; `data` may change as soon as this has been called. */
  write(data: T): Promise<void> {
    const bytes = this.#seal(data);
    const { files, name } = this.#options;
    return replaceFile(files, `${name}.zgd`, bytes, `${name}.previous.zgd`);
  }

  /** Writes without keeping the copy before: what was taken out shall be gone. */
  async overwrite(data: T): Promise<void> {
    const bytes = this.#seal(data);
    const { files, name } = this.#options;
    await replaceFile(files, `${name}.zgd`, bytes);
    await replaceFile(files, `${name}.previous.zgd`, bytes);
  }

  #seal(data: T): Buffer {
    const { key, version } = this.#options;
    const clear = Buffer.alloc(CLEAR_BYTES);
    clear.write(MAGIC, 0, 'latin1');
    clear.writeUInt32BE(version, 4);
    const json = Buffer.from(JSON.stringify(data));
    return Buffer.concat([clear, sealBox(key, json, this.#associated(clear))]);
  }

  #associated(clear: Buffer): Buffer {
    return Buffer.concat([clear, Buffer.from(this.#options.name)]);
  }

  async #readCopy(file: string): Promise<T | null> {
    const { files, name, version, key, log, parse } = this.#options;
    const bytes = await files.readAll(file);
    if (bytes === null) return null;
    const clear = bytes.subarray(0, CLEAR_BYTES);
    const opened = openBox(key, bytes.subarray(CLEAR_BYTES), this.#associated(clear));
    try {
      if (opened === null) throw new Error('it does not open: damaged, or another key');
      if (clear.readUInt32BE(4) !== version) {
        log.info('A document of another version is not used', { document: name, version });
        return null;
      }
      return parse(JSON.parse(opened.toString('utf8')));
    } catch (error) {
      log.error('A document cannot be used and is set aside', { document: name, file, error });
      await files.rename(file, `${file}.corrupt`);
      return null;
    }
  }
}
