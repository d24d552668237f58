import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lockFolder } from './folder-lock.ts';

/** An open file whose writes are durable only after `sync`. */
export interface DurableFile {
  /** Reads up to `length` bytes; fewer at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  /** Writes all bytes or throws. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Brings data and size to the disk (fdatasync). */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** `read`: must exist. `change`: must exist, may be written. `create`: made anew, emptied if there. */
export type FileUse = 'read' | 'change' | 'create';

/**
 * One folder of the disk; the only way in which stored data reaches it.
 *
 * Names and renames are durable after `syncFolder`. Failures are the operating system's errors with
 * their `code` (ENOSPC, EIO …), so that a test can put a disk in memory in its place.
 */
export interface FileRoot {
  /** Names a sub-folder; nothing is made until `make`. */
  folder(name: string): FileRoot;
  /** Makes the folder, durably; nothing happens when it is there. */
  make(): Promise<void>;
  /** Names of the files in the folder; empty when there is no folder. */
  list(): Promise<readonly string[]>;
  open(name: string, use: FileUse): Promise<DurableFile>;
  /** The whole file; null when there is none. */
  readAll(name: string): Promise<Buffer | null>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; nothing happens when there is none. */
  remove(name: string): Promise<void>;
  syncFolder(): Promise<void>;
  /**
   * Keeps other processes out of the folder.
   *
   * @returns the way to let them in again
   * @throws StorageError VAULT_LOCKED while another living process holds it
   */
  lock(name: string): Promise<() => Promise<void>>;
}

/** Opens a folder of this machine. Files are made with mode 0600, folders with 0700. */
export function createFileRoot(path: string): FileRoot {
  const at = (name: string): string => join(path, name);
  return {
    folder: (name) => createFileRoot(at(name)),
    make: () => makeFolder(path),
    list: () => listFiles(path),
    open: async (name, use) => wrapFile(await open(at(name), FLAGS[use], 0o600)),
    readAll: (name) => readFile(at(name)).catch(nullWhenMissing),
    rename: (from, to) => rename(at(from), at(to)),
    remove: (name) => rm(at(name), { force: true }),
    syncFolder: () => syncFolderAt(path),
    lock: (name) => lockFolder(path, name),
  };
}

/**
 * Replaces a small file so that a power cut leaves the old or the new one, never half of it.
 *
 * @param previous the name under which the old one is kept, when it shall be
 */
export async function replaceFile(
  files: FileRoot,
  name: string,
  bytes: Uint8Array,
  previous?: string,
): Promise<void> {
  const draft = `${name}.new`;
  const file = await files.open(draft, 'create');
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  if (previous !== undefined) await files.rename(name, previous).catch(nullWhenMissing);
  await files.rename(draft, name);
  await files.syncFolder();
}

const FLAGS = {
  read: constants.O_RDONLY,
  change: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
} as const satisfies Record<FileUse, number>;

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  // Each new level is an entry of its parent, and that entry must reach the disk too.
  for (let level = path; level !== dirname(made); level = dirname(level)) {
    await syncFolderAt(dirname(level));
  }
}

async function listFiles(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(nullWhenMissing);
  return (entries ?? []).filter((entry) => entry.isFile()).map((entry) => entry.name);
}

async function syncFolderAt(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function wrapFile(file: FileHandle): DurableFile {
  return {
    async read(position, length) {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    async write(bytes, position) {
      // A nearly full disk writes short before it says ENOSPC.
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await file.write(
          bytes,
          done,
          bytes.length - done,
          position + done,
        );
        done += bytesWritten;
      }
    },
    sync: () => file.datasync(),
    truncate: (length) => file.truncate(length),
    size: async () => (await file.stat()).size,
    close: () => file.close(),
  };
}
