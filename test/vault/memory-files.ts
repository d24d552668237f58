import type { DurableFile, FileRoot, FileUse } from '../../src/platform/durable-files.ts';

type Stored = { bytes: Buffer; durable: Buffer };
type Disk = {
  /** What programs see. */
  readonly names: Map<string, Stored>;
  /** What is there after a power cut: names as of the last folder sync. */
  readonly durableNames: Map<string, Stored>;
  operations: number;
  syncs: number;
  fault: (operation: string, path: string) => Error | null;
};

/** A disk in memory: what was not synced is gone after a power cut, and every operation can fail. */
export class MemoryFiles implements FileRoot {
  readonly disk: Disk;
  readonly #prefix: string;

  constructor(disk: Disk = createDisk(), prefix = '') {
    this.disk = disk;
    this.#prefix = prefix;
  }

  /** The same disk after the power came back; `keepWrites`: un-synced data happened to reach it. */
  afterPowerCut(keepWrites = false): MemoryFiles {
    const disk = createDisk();
    for (const [name, { bytes, durable }] of this.disk.durableNames) {
      const kept = Buffer.from(keepWrites ? bytes : durable);
      const stored = { bytes: kept, durable: Buffer.from(kept) };
      disk.names.set(name, stored);
      disk.durableNames.set(name, stored);
    }
    return new MemoryFiles(disk);
  }

  /** From the n-th operation on nothing happens any more. */
  cutPowerAfter(operations: number): void {
    const end = this.disk.operations + operations;
    this.disk.fault = () => (this.disk.operations > end ? new Error('power cut') : null);
  }

  /** Gives direct access to a stored file, to damage it. */
  bytesOf(path: string): Buffer {
    const stored = this.disk.names.get(path);
    if (stored === undefined) throw new Error(`no file ${path}`);
    return stored.bytes;
  }

  put(path: string, bytes: Uint8Array): void {
    const stored = { bytes: Buffer.from(bytes), durable: Buffer.from(bytes) };
    this.disk.names.set(path, stored);
    this.disk.durableNames.set(path, stored);
  }

  paths(): string[] {
    return [...this.disk.names.keys()].sort();
  }

  folder(name: string): MemoryFiles {
    return new MemoryFiles(this.disk, `${this.#prefix}${name}/`);
  }

  async make(): Promise<void> {
    await this.#operate('make', '');
  }

  async list(): Promise<readonly string[]> {
    return this.paths()
      .filter((path) => path.startsWith(this.#prefix))
      .map((path) => path.slice(this.#prefix.length))
      .filter((name) => !name.includes('/'));
  }

  async open(name: string, use: FileUse): Promise<DurableFile> {
    await this.#operate(`open-${use}`, name);
    if (use === 'create') {
      const stored = { bytes: Buffer.alloc(0), durable: Buffer.alloc(0) };
      this.disk.names.set(this.#path(name), stored);
    }
    return this.#wrap(this.#stored(name));
  }

  async readAll(name: string): Promise<Buffer | null> {
    const stored = this.disk.names.get(this.#path(name));
    return stored === undefined ? null : Buffer.from(stored.bytes);
  }

  async rename(from: string, to: string): Promise<void> {
    const stored = this.#stored(from);
    await this.#operate('rename', from);
    this.disk.names.delete(this.#path(from));
    this.disk.names.set(this.#path(to), stored);
  }

  async remove(name: string): Promise<void> {
    await this.#operate('remove', name);
    this.disk.names.delete(this.#path(name));
  }

  async syncFolder(): Promise<void> {
    await this.#operate('syncFolder', '');
    for (const path of [...this.disk.durableNames.keys()]) {
      if (this.#isHere(path)) this.disk.durableNames.delete(path);
    }
    for (const [path, stored] of this.disk.names) {
      if (this.#isHere(path)) this.disk.durableNames.set(path, stored);
    }
  }

  async lock(): Promise<() => Promise<void>> {
    return async () => undefined;
  }

  #wrap(stored: Stored): DurableFile {
    let isOpen = true;
    /** A file keeps its content, not its name. */
    const operate = (operation: string): Promise<void> => {
      if (!isOpen) throw diskError('EBADF');
      return this.#operateAt(operation, this.#nameOf(stored));
    };
    return {
      read: async (position, length) =>
        Buffer.from(stored.bytes.subarray(position, position + length)),
      write: async (bytes, position) => {
        await operate('write');
        const grown = Buffer.alloc(Math.max(stored.bytes.length, position + bytes.length));
        stored.bytes.copy(grown);
        grown.set(bytes, position);
        stored.bytes = grown;
      },
      sync: async () => {
        await operate('sync');
        this.disk.syncs++;
        stored.durable = Buffer.from(stored.bytes);
      },
      truncate: async (length) => {
        await operate('truncate');
        stored.bytes = Buffer.from(stored.bytes.subarray(0, length));
      },
      size: async () => stored.bytes.length,
      close: async () => {
        isOpen = false;
      },
    };
  }

  #nameOf(stored: Stored): string {
    return [...this.disk.names].find(([, one]) => one === stored)?.[0] ?? 'a removed file';
  }

  #operate(operation: string, name: string): Promise<void> {
    return this.#operateAt(operation, this.#path(name));
  }

  async #operateAt(operation: string, path: string): Promise<void> {
    this.disk.operations++;
    const fault = this.disk.fault(operation, path);
    await new Promise((resolve) => setImmediate(resolve));
    if (fault !== null) throw fault;
  }

  #stored(name: string): Stored {
    const stored = this.disk.names.get(this.#path(name));
    if (stored === undefined) throw Object.assign(new Error(`no ${name}`), { code: 'ENOENT' });
    return stored;
  }

  #isHere(path: string): boolean {
    return path.startsWith(this.#prefix) && !path.slice(this.#prefix.length).includes('/');
  }

  #path(name: string): string {
    return `${this.#prefix}${name}`;
  }
}

/** An operating system's error. */
export function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: on purpose`), { code });
}

function createDisk(): Disk {
  return {
    names: new Map(),
    durableNames: new Map(),
    operations: 0,
    syncs: 0,
    fault: () => null,
  };
}
