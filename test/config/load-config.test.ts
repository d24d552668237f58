import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load-config.ts';
import { ApplianceError } from '../../src/domain/errors.ts';

const config = suite('loadConfig');

const root = await mkdtemp(join(tmpdir(), 'config-'));
config.after(() => rm(root, { recursive: true, force: true }));
await mkdir(join(root, 'firmware-config', 'sites'), { recursive: true });
await mkdir(join(root, 'firmware-config', 'profiles'));
await writeFile(join(root, 'package.json'), '{"version":"1.2.3"}');

const PROFILE = `id: small
title: { zh: 小机, en: Small }
engine: { threads: 1 }
watch: { everySeconds: 5 }
`;
const SITE = `id: branch
branch: { zh: 网点, en: Branch }
profile: small
packs: [banking]
topics: [banking.lost_card]
listen: { httpsPort: 9000, httpPort: 9001 }
headquarters: { url: https://hq.example:9443 }
`;

/** Loads a site's text. */
async function load(site: string, environment: Record<string, string> = {}, profile = PROFILE) {
  await writeFile(join(root, 'firmware-config', 'sites', 'demo.yaml'), site);
  await writeFile(join(root, 'firmware-config', 'profiles', 'small.yaml'), profile);
  return loadConfig(root, environment);
}

/** Code and lines of the refusal. */
async function refusal(work: Promise<unknown>): Promise<{ code: string; lines: string[] }> {
  try {
    await work;
  } catch (error) {
    assert.instance(error, ApplianceError);
    const { code, message } = error as ApplianceError;
    return { code, lines: message.split('\n') };
  }
  throw new Error('it was taken');
}

config('fills in what a site leaves out, and freezes the whole', async () => {
  const loaded = await load(SITE);
  assert.is(loaded.version, '1.2.3');
  assert.equal(loaded.listen, { host: '0.0.0.0', httpsPort: 9000, httpPort: 9001, names: [] });
  assert.equal(loaded.key, { kind: 'file', path: join(root, 'data', 'box', 'master.key') });
  assert.equal(loaded.headquarters, { url: 'https://hq.example:9443', tokenFile: null });
  assert.is(loaded.site.visits.idleSeconds, 90);
  assert.is(loaded.profile.engine.queueLimit, 512);
  assert.is(loaded.paths.encoder, join(root, 'models', 'encoder'));
  assert.is(loaded.log, 'info');
  assert.throws(() => {
    (loaded.site.visits as { idleSeconds: number }).idleSeconds = 1;
  }, /read only/);
});

config('lets the environment win over the file', async () => {
  const loaded = await load(SITE, {
    ZHANGGUI_DATA: '/srv/box',
    ZHANGGUI_MODEL_CACHE: 'cache',
    ZHANGGUI_HOST: '127.0.0.1',
    ZHANGGUI_HTTPS_PORT: '9100',
    ZHANGGUI_HTTP_PORT: 'off',
    ZHANGGUI_HQ_URL: 'https://other.example',
    ZHANGGUI_HQ_TOKEN_FILE: '/srv/token',
    ZHANGGUI_PASSPHRASE: 'twelve or more',
    ZHANGGUI_LOG: 'error',
    ZHANGGUI_TURNS_PER_SECOND: '2.5',
    UNRELATED: 'x',
  });
  assert.equal(loaded.listen, { host: '127.0.0.1', httpsPort: 9100, httpPort: null, names: [] });
  assert.equal(loaded.headquarters, { url: 'https://other.example', tokenFile: '/srv/token' });
  assert.equal(loaded.key, { kind: 'passphrase', passphrase: 'twelve or more' });
  assert.is(loaded.paths.data, '/srv/box');
  assert.is(loaded.paths.modelCache, join(root, 'cache'));
  assert.is(loaded.log, 'error');
  assert.is(loaded.turnsPerSecond, 2.5);
});

config('takes no port that is not one', async () => {
  for (const port of ['', ' ', '0x50', '80.5', '-1', '65536', 'https']) {
    const { lines } = await refusal(load(SITE, { ZHANGGUI_HTTPS_PORT: port }));
    assert.match(lines[1] ?? '', /^environment: ZHANGGUI_HTTPS_PORT: /, port);
  }
});

config('reads the site that the environment names', async () => {
  await writeFile(join(root, 'other.yaml'), SITE.replace('id: branch', 'id: other'));
  assert.is((await load(SITE, { ZHANGGUI_SITE: 'other.yaml' })).site.id, 'other');
  const missing = await refusal(load(SITE, { ZHANGGUI_SITE: 'gone.yaml' }));
  assert.is(missing.code, 'CONFIG_FILE_MISSING');
  assert.match(missing.lines[0] ?? '', /gone\.yaml/);
});

config('lists every problem at once, with file and line, the environment included', async () => {
  const site = SITE.replace('id: branch', 'id: Branch 1')
    .replace('httpsPort: 9000', 'httpsPort: 70000')
    .replace('packs: [banking]', 'packs: []')
    .concat('colour: red\nvisits:\n  idleSeconds: 5\n');
  const environment = { ZHANGGUI_HTTP_PORT: 'none', ZHANGGUI_PASSPHRASE: 'short' };
  const { code, lines } = await refusal(load(site, environment));
  assert.is(code, 'CONFIG_INVALID');
  const file = join(root, 'firmware-config', 'sites', 'demo.yaml');
  const places = [
    [/^environment: ZHANGGUI_HTTP_PORT: /],
    [/^environment: ZHANGGUI_PASSPHRASE: use at least 12 characters/],
    [`${file}:1: `, /id: use 2–41 lower case letters/],
    [`${file}:4: `, /packs: activate at least one pack/],
    [`${file}:6: `, /listen\.httpsPort/],
    [`${file}:10: `, /visits\.idleSeconds/],
    [`${file}:8: `, /colour/],
  ] as const;
  for (const place of places) {
    const found = lines.some((line) =>
      place.every((part) => (typeof part === 'string' ? line.startsWith(part) : part.test(line))),
    );
    assert.ok(found, `${place.join(' ')} in\n${lines.join('\n')}`);
  }
  assert.match(lines[0] ?? '', /7 problem\(s\)/);
  assert.not.match(lines.join('\n'), /: short/, 'a passphrase never ends up in a message');
});

config('names the line of YAML that is no YAML', async () => {
  const broken = await refusal(load(`${SITE}facts: { a: [1, 2\n`));
  assert.is(broken.code, 'CONFIG_INVALID');
  assert.match(broken.lines[1] ?? '', /demo\.yaml:\d+: /);
  for (const text of ['', '- a\n', 'just text\n', 'id: &a [*a]\n'])
    assert.is((await refusal(load(text))).code, 'CONFIG_INVALID', text);
});

config('names a profile that does not exist, and what is wrong in one that does', async () => {
  const unknown = await refusal(load(SITE.replace('profile: small', 'profile: large')));
  assert.is(unknown.code, 'CONFIG_FILE_MISSING');
  assert.match(unknown.lines[0] ?? '', /profiles\/large\.yaml/);
  const outside = await refusal(load(SITE.replace('profile: small', 'profile: ../../etc')));
  assert.is(outside.code, 'CONFIG_INVALID');
  const wrong = await refusal(load(SITE, {}, PROFILE.replace('threads: 1', 'threads: 0')));
  assert.match(wrong.lines[1] ?? '', /small\.yaml:3: engine\.threads/);
});

config.run();
