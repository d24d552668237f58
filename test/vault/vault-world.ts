import type { Lane } from '../../src/domain/events.ts';
import type { Log } from '../../src/domain/ports.ts';
import type { FileRoot } from '../../src/platform/durable-files.ts';
import type { Committed } from '../../src/vault/ledger/frame-events.ts';
import { Vault, type VaultOptions } from '../../src/vault/vault.ts';
import { ManualClock } from '../support/manual-clock.ts';

/** An event of a ledger that belongs to nobody in particular. */
export type Note = {
  readonly type: 'note.urgent' | 'note.normal' | 'note.bulk';
  readonly data: { readonly text: string };
  readonly subject: string | null;
  readonly personal?: Readonly<Record<string, string>>;
};

/** The master key of every test. */
export const KEY = 'a1'.repeat(32);

/** Says on which lane a note travels. */
export function laneOfNote(type: Note['type']): Lane {
  return type.slice('note.'.length) as Lane;
}

/** Makes a note. */
export function note(text: string, lane: Lane = 'normal'): Note {
  return { type: `note.${lane}`, data: { text }, subject: null };
}

/** Keeps what was logged. */
export function keepLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep =
    (level: string) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): number =>
      lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  return {
    lines,
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  };
}

/** A vault of notes with its surroundings. */
export function createNotes(files: FileRoot, options: Partial<VaultOptions<Note>> = {}) {
  const clock = new ManualClock();
  const log = keepLog();
  const vault = new Vault<Note>({
    files,
    masterKey: { from: 'value', value: KEY },
    clock,
    log,
    laneOf: laneOfNote,
    ...options,
  });
  const start = (): Promise<void> => vault.start(new AbortController().signal);
  return { vault, clock, log, start, ledger: vault.ledger };
}

/** Starts a vault of notes. */
export async function startNotes(files: FileRoot, options: Partial<VaultOptions<Note>> = {}) {
  const notes = createNotes(files, options);
  await notes.start();
  return notes;
}

/** Reads all events of a ledger. */
export async function readAll(vault: Vault<Note>, after = 0): Promise<Committed<Note>[]> {
  const events: Committed<Note>[] = [];
  for await (const event of vault.ledger.scan(after)) events.push(event);
  return events;
}

/** The texts of all notes, in order. */
export async function readTexts(vault: Vault<Note>): Promise<string[]> {
  return (await readAll(vault)).map(({ data }) => data.text);
}

/** Waits for a promise that must be rejected and gives its code. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'no error',
    (error: { code?: string }) => error.code ?? String(error),
  );
}
