import { readFile } from 'node:fs/promises';
import { InputError } from '../../domain/errors.ts';

/**
 * Reads rows of tab-separated columns; blank lines and a byte order mark are passed over.
 *
 * @param files read one after the other
 * @param columns least number of columns that a line must have, none of them empty
 * @throws InputError COMMAND_USAGE naming file and line, or a file that cannot be read or is empty
 */
export async function readTable(files: readonly string[], columns: number): Promise<string[][]> {
  const tables = await Promise.all(files.map((file) => readOne(file, columns)));
  return tables.flat();
}

const wrong = (detail: string, cause?: unknown): InputError =>
  new InputError('COMMAND_USAGE', { detail, cause });

async function readOne(file: string, columns: number): Promise<string[][]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw wrong(`cannot read ${file}: check the path`, cause);
  });
  const rows: string[][] = [];
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    const cells = line.split('\t').map((cell) => cell.trim());
    const filled = cells.slice(0, columns).filter((cell) => cell !== '').length;
    if (filled < columns) {
      const found = `${filled} of ${columns} columns filled`;
      throw wrong(`${file}:${at + 1}: ${found}; write them with a tab between`);
    }
    rows.push(cells);
  }
  if (rows.length === 0) throw wrong(`${file} holds no line: it needs at least one`);
  return rows;
}
