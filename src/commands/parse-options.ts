import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InputError } from '../domain/errors.ts';

/**
 * Parses a command's arguments strictly.
 *
 * @param words how many arguments that are no options it takes at most
 * @throws InputError COMMAND_USAGE naming the argument that was not understood
 */
export function parseOptions<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
  words = 0,
): ReturnType<typeof parseArgs<{ args: string[]; allowPositionals: true; options: T }>> {
  try {
    const parsed = parseArgs({ args: [...args], allowPositionals: true, options });
    const surplus = parsed.positionals[words];
    if (surplus !== undefined) throw new TypeError(`Unexpected argument '${surplus}'`);
    return parsed;
  } catch (cause) {
    throw new InputError('COMMAND_USAGE', { detail: (cause as Error).message, cause });
  }
}
