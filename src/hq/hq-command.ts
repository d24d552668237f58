import { parseArgs } from 'node:util';
import { z } from 'zod';
import { InputError } from '../domain/errors.ts';

/** How the command is used. */
export const HELP = `zhanggui headquarters: receives what appliances send, and answers for them

  hq [start]            run until stopped
  hq token              print a one-time enrolment token, valid for 24 hours
  hq reset-access-key   print a new access key for the fleet page

  --data DIR            everything that is stored (default data/hq)
  --host ADDRESS        address of both ports (default 0.0.0.0)
  --port N              port of the appliances, 0 for any (default 9443)
  --page-port N         port of the fleet page, 0 for any (default 9444)
  --name NAME           host name or address for the certificate; may be repeated
  --pages DIR           built pages (default dist/pages)
  --models DIR          folder with encoder/ and packs/ for the answering endpoint; none without it
  --packs A,B           packs to answer from (default banking,ecommerce)
  --cache DIR           trained intent models, shared with a box beside it (default data/models)
  --appliance ID        with "token": the only appliance that it lets in, and lets in again
  --help                this text
`;

const Port = z.coerce.number().int().min(0).max(65_535);
const Folder = z.string().min(1);

const Flags = z.object({
  data: Folder,
  host: Folder,
  port: Port,
  'page-port': Port,
  name: z.array(z.string()),
  pages: Folder,
  models: Folder.optional(),
  cache: Folder,
  packs: z.string(),
  appliance: z.string().optional(),
  help: z.boolean(),
});

const Command = z.enum(['start', 'token', 'reset-access-key']);

/** What the command line asks for. */
export type HqCommand = {
  readonly command: z.infer<typeof Command> | 'help';
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly pagePort: number;
  readonly names: readonly string[];
  readonly pagesDir: string;
  readonly modelsDir: string | null;
  readonly cacheDir: string;
  readonly packs: readonly string[];
  readonly appliance: string | null;
};

/**
 * Reads the arguments after the program's name.
 *
 * @throws InputError COMMAND_USAGE
 */
export function parseHqCommand(argv: readonly string[]): HqCommand {
  try {
    const { values, positionals } = parseFlags(argv);
    const flags = Flags.parse(values);
    const [command] = z.tuple([Command]).parse(positionals.length === 0 ? ['start'] : positionals);
    return {
      command: flags.help ? 'help' : command,
      dataDir: flags.data,
      host: flags.host,
      port: flags.port,
      pagePort: flags['page-port'],
      names: flags.name,
      pagesDir: flags.pages,
      modelsDir: flags.models ?? null,
      cacheDir: flags.cache,
      packs: flags.packs.split(',').filter((id) => id !== ''),
      appliance: flags.appliance ?? null,
    };
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new InputError('COMMAND_USAGE', { detail: `${why}; --help shows the usage`, cause });
  }
}

function parseFlags(argv: readonly string[]): {
  values: Readonly<Record<string, unknown>>;
  positionals: readonly string[];
} {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      data: { type: 'string', default: 'data/hq' },
      host: { type: 'string', default: '0.0.0.0' },
      port: { type: 'string', default: '9443' },
      'page-port': { type: 'string', default: '9444' },
      name: { type: 'string', multiple: true, default: [] },
      pages: { type: 'string', default: 'dist/pages' },
      models: { type: 'string' },
      cache: { type: 'string', default: 'data/models' },
      packs: { type: 'string', default: 'banking,ecommerce' },
      appliance: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
}
