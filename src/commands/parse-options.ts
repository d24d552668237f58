import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InputError } from '../domain/errors.ts';

/**
 * Parses a command's arguments strictly.
 *
 * @throws InputError COMMAND_USAGE naming the argument that was not understood
 */
export function parseOptions<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; allowPositionals: true; options: T }>> {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    throw new InputError('COMMAND_USAGE', { detail: (cause as Error).message, cause });
  }
}
