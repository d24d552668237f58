import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from '../domain/errors.ts';

/** A problem in a file that people write, with its place. */
export type FileProblem = {
  readonly file: string;
  readonly line: number;
  readonly message: string;
};

/** Writes a problem as `file:line: message`. */
export function formatProblem(problem: FileProblem): string {
  return `${problem.file}:${problem.line}: ${problem.message}`;
}

/**
 * Reads one YAML file through a schema.
 *
 * @returns the value, or every problem of the file with its line
 * @throws ConfigError CONFIG_FILE_MISSING when it cannot be read
 */
export async function readYaml<T>(
  file: string,
  schema: z.ZodType<T>,
): Promise<{ readonly value: T } | { readonly problems: readonly FileProblem[] }> {
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ConfigError('CONFIG_FILE_MISSING', { detail: `cannot read ${file}`, cause });
  });
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map((error) => ({
        file,
        line: error.linePos?.[0].line ?? 1,
        message: error.message.split('\n')[0] ?? error.code,
      })),
    };
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { value: parsed.data };
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number] } | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  return {
    problems: parsed.error.issues.map((issue) => ({
      file,
      // A misspelt name has no place in the schema, but it has one in the file.
      line: lineOf([
        ...issue.path,
        ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
      ]),
      message: `${issue.path.join('.') || 'the file'}: ${issue.message}`,
    })),
  };
}
