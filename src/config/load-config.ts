import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { ConfigError } from '../domain/errors.ts';
import { Environment, ProfileFile, SiteFile } from './config-schema.ts';
import { formatProblem, readYaml } from './read-yaml.ts';

/** How the master key is come by. */
export type KeySource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'passphrase'; readonly passphrase: string };

/** Everything that can be set, checked and frozen. */
export type Config = {
  readonly site: z.output<typeof SiteFile>;
  readonly profile: z.output<typeof ProfileFile>;
  readonly version: string;
  readonly paths: {
    /** Where the box keeps what it learns. */
    readonly data: string;
    readonly encoder: string;
    /** Where trained intent models are kept; they hold text of packs and nothing of customers. */
    readonly modelCache: string;
    readonly packs: string;
    readonly pages: string;
  };
  readonly key: KeySource;
  readonly listen: {
    readonly host: string;
    readonly httpsPort: number;
    readonly httpPort: number | null;
    readonly names: readonly string[];
  };
  readonly headquarters: {
    readonly url: string;
    /** File that holds a one-time enrolment token; read at first start only. */
    readonly tokenFile: string | null;
  } | null;
  readonly turnsPerSecond: number;
  readonly log: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly notifySocket: string | undefined;
};

/**
 * Reads site, profile and environment into one frozen configuration.
 *
 * @param root the installation's folder
 * @param environment variables; `ZHANGGUI_*` win over files
 * @throws ConfigError CONFIG_INVALID with every problem of every file, CONFIG_FILE_MISSING
 */
export async function loadConfig(
  root: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Config> {
  const variables = readEnvironment(environment);
  const siteFile = environment['ZHANGGUI_SITE'] || 'firmware-config/sites/demo.yaml';
  const read = await readYaml(resolve(root, siteFile), SiteFile);
  if ('problems' in variables || 'problems' in read) {
    const [ofVariables, ofSite] = [problemsOf(variables), problemsOf(read).map(formatProblem)];
    throw invalid([...ofVariables, ...ofSite]);
  }
  const site = read.value;
  return completeConfig(root, site, variables.value);
}

async function completeConfig(
  root: string,
  site: Config['site'],
  variables: Variables,
): Promise<Config> {
  const profileFile = join(root, 'firmware-config', 'profiles', `${site.profile}.yaml`);
  const profile = await readYaml(profileFile, ProfileFile);
  if ('problems' in profile) throw invalid(profile.problems.map(formatProblem));
  const data = resolve(root, variables.ZHANGGUI_DATA ?? 'data/box');
  return freeze({
    site,
    profile: profile.value,
    version: await readVersion(root),
    paths: {
      data,
      encoder: join(root, 'models', profile.value.engine.encoder),
      modelCache: resolve(root, variables.ZHANGGUI_MODEL_CACHE ?? 'data/models'),
      packs: join(root, 'models', 'packs'),
      pages: join(root, 'dist', 'pages'),
    },
    key: keySource(variables, root, data),
    listen: listenOf(site, variables),
    headquarters: headquartersOf(site, variables),
    turnsPerSecond: variables.ZHANGGUI_TURNS_PER_SECOND ?? site.visits.turnsPerSecond,
    log: variables.ZHANGGUI_LOG ?? 'info',
    notifySocket: variables.NOTIFY_SOCKET,
  });
}

type Variables = z.output<typeof Environment>;

type Read<T, P> = { readonly value: T } | { readonly problems: readonly P[] };

function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Read<Variables, string> {
  const parsed = Environment.safeParse(environment);
  if (parsed.success) return { value: parsed.data };
  return {
    problems: parsed.error.issues.map(
      (issue) => `environment: ${issue.path.join('.')}: ${issue.message}`,
    ),
  };
}

function problemsOf<P>(read: Read<unknown, P>): readonly P[] {
  return 'problems' in read ? read.problems : [];
}

function listenOf(site: Config['site'], variables: Variables): Config['listen'] {
  const { host, httpsPort, httpPort, names } = site.listen;
  const plainPort = variables.ZHANGGUI_HTTP_PORT ?? httpPort;
  return {
    host: variables.ZHANGGUI_HOST ?? host,
    httpsPort: variables.ZHANGGUI_HTTPS_PORT ?? httpsPort,
    httpPort: plainPort === 'off' ? null : plainPort,
    names,
  };
}

function headquartersOf(site: Config['site'], variables: Variables): Config['headquarters'] {
  const url = variables.ZHANGGUI_HQ_URL ?? site.headquarters?.url;
  return url ? { url, tokenFile: variables.ZHANGGUI_HQ_TOKEN_FILE ?? null } : null;
}

function keySource(variables: Variables, root: string, data: string): KeySource {
  if (variables.ZHANGGUI_PASSPHRASE !== undefined)
    return { kind: 'passphrase', passphrase: variables.ZHANGGUI_PASSPHRASE };
  const path = variables.ZHANGGUI_KEY_FILE;
  return { kind: 'file', path: path ? resolve(root, path) : join(data, 'master.key') };
}

function invalid(problems: readonly string[]): ConfigError {
  return new ConfigError('CONFIG_INVALID', {
    detail: `${problems.length} problem(s):\n${problems.join('\n')}`,
  });
}

async function readVersion(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) freeze(inner);
  return Object.freeze(value);
}
