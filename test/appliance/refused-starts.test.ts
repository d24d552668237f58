import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scratchFolder } from '../support/box-program.ts';
import { type Ended, runProgram } from '../support/run-program.ts';

const refused = suite('starts that are refused');
const scratch = await scratchFolder('refused');
refused.after(() => scratch.remove());

const KEY = `${Buffer.alloc(32, 5).toString('base64')}\n`;

/** A data folder with a key file of this content and mode. */
async function dataWith(name: string, key = KEY, mode = 0o600): Promise<string> {
  const data = join(scratch.path, name);
  await mkdir(data, { recursive: true });
  await writeFile(join(data, 'master.key'), key);
  await chmod(join(data, 'master.key'), mode);
  return data;
}

function start(data: string, environment: Record<string, string> = {}): Promise<Ended> {
  return runProgram(['start'], {
    ZHANGGUI_DATA: data,
    ZHANGGUI_HOST: '127.0.0.1',
    ZHANGGUI_HTTPS_PORT: '0',
    ZHANGGUI_HTTP_PORT: 'off',
    ZHANGGUI_LOG: 'silent',
    ...environment,
  });
}

/** It ended by itself with 1, and one line of stderr says why and what to do, in both languages. */
function assertRefused({ code, out, err }: Ended, why: RegExp): void {
  assert.is(code, 1, out + err);
  assert.is(out, '');
  assert.match(err, why);
  const [first = '', ...rest] = err.split('\n');
  assert.equal(rest, [''], err);
  assert.match(first, /^zhanggui: [A-Z_]+: .+ — [A-Z].+ .*\p{Script=Han}/u);
}

refused('a key file that others can read', async () => {
  const data = await dataWith('readable-key', KEY, 0o644);
  const ended = await start(data);
  assertRefused(ended, /VAULT_KEY_UNREADABLE: .*readable-key\/master\.key has mode 0644.*0600/);
  assert.is(await readFile(join(data, 'master.key'), 'utf8'), KEY);
});

refused('a key file that holds no key', async () => {
  assertRefused(
    await start(await dataWith('no-key', 'secret\n')),
    /VAULT_KEY_UNREADABLE: .*32 bytes/,
  );
});

refused('another key than the one of the data, which then still opens', async () => {
  const data = await dataWith('wrong-key');
  const first = await start(data, { ZHANGGUI_HTTPS_PORT: '1', ZHANGGUI_HOST: '203.0.113.1' });
  assert.is(first.code, 1, 'made its data, then could not listen');
  await writeFile(join(data, 'master.key'), `${Buffer.alloc(32, 6).toString('base64')}\n`);
  assertRefused(await start(data), /VAULT_KEY_WRONG: /);
  await writeFile(join(data, 'master.key'), KEY);
  const again = await start(data, { ZHANGGUI_HTTPS_PORT: '1', ZHANGGUI_HOST: '203.0.113.1' });
  assert.not.match(again.err, /VAULT_/);
});

refused('an address that this machine does not have', async () => {
  const ended = await start(await dataWith('address'), { ZHANGGUI_HOST: '203.0.113.1' });
  assertRefused(ended, /CONFIG_INVALID: port 0 on 203\.0\.113\.1 .*ZHANGGUI_HOST/);
});

refused('a port that somebody else listens on', async () => {
  const other = createServer().listen(0, '127.0.0.1').unref();
  await new Promise((resolve) => other.once('listening', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const data = await dataWith('port');
  const taken = await start(data, { ZHANGGUI_HTTPS_PORT: `${port}` });
  assertRefused(taken, new RegExp(`HTTP_PORT_IN_USE: .*port ${port} on 127\\.0\\.0\\.1`));
  const plain = await start(data, { ZHANGGUI_HTTP_PORT: `${port}` });
  assertRefused(plain, new RegExp(`HTTP_PORT_IN_USE: .*port ${port}`));
  await new Promise((resolve) => other.close(resolve));
});

refused('a site file that is wrong, with every place', async () => {
  const site = join(scratch.path, 'site.yaml');
  await writeFile(site, 'id: demo\nbranch: { zh: 网点 }\nprofile: kiosk-2core\npacks: banking\n');
  const { code, err } = await start(await dataWith('site'), { ZHANGGUI_SITE: site });
  assert.is(code, 1);
  assert.match(err, /^zhanggui: CONFIG_INVALID: 3 problem\(s\):\n/);
  for (const place of [`${site}:2: branch.en`, `${site}:4: packs`, `${site}:1: topics`])
    assert.ok(err.includes(place), `${place} in ${err}`);
  assert.not.match(err, /\n\s+at /);
});

refused('a data folder that cannot be made', async () => {
  await writeFile(join(scratch.path, 'a-file'), '');
  const ended = await start(join(scratch.path, 'a-file', 'box'));
  assertRefused(ended, /a-file/);
});

refused.run();
