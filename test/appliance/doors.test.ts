import { type IncomingMessage, get as plainGet } from 'node:http';
import { Agent, get as tlsGet } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findFreePort } from '../../src/commands/smoke/child-program.ts';
import { until } from '../../src/commands/smoke/expect.ts';
import { BoxProgram, installationWithout, scratchFolder } from '../support/box-program.ts';
import { runProgram } from '../support/run-program.ts';

const doors = suite('the doors of a box');
const scratch = await scratchFolder('doors');
const data = join(scratch.path, 'box');
const plainPort = await findFreePort();
const box = new BoxProgram({
  data,
  root: await installationWithout('missing', join(scratch.path, 'root')),
  environment: { ZHANGGUI_HTTP_PORT: `${plainPort}`, ZHANGGUI_LOG: 'silent' },
});
doors.before(() => box.start());
doors.after(async () => {
  await box.stop('SIGKILL');
  await scratch.remove();
});

function answerOf(asked: ReturnType<typeof plainGet>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on('response', (response) => resolve(response.resume()));
    asked.on('error', reject);
  });
}

/** Shakes hands with some versions of TLS only. */
function shakeHands(version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string> {
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({
      ...{ host: '127.0.0.1', port: box.port, servername: 'localhost', rejectUnauthorized: false },
      ...{ minVersion: version, maxVersion: version },
      // Without this, OpenSSL itself would refuse to offer the old versions.
      ciphers: 'DEFAULT:@SECLEVEL=0',
    });
    socket.on('secureConnect', () => {
      resolve(socket.getProtocol() ?? '');
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

doors('plain HTTP only redirects, whatever is asked', async () => {
  for (const path of ['/', '/staff?x=1', '/api/v1/kiosk', '//evil.example/']) {
    const response = await answerOf(plainGet({ port: plainPort, host: '127.0.0.1', path }));
    assert.is(response.statusCode, 308, path);
    assert.is(response.headers.location, `https://127.0.0.1:${box.port}${path}`);
    assert.is(response.headers['content-length'] ?? '0', '0');
  }
});

doors('speaks TLS 1.2 and 1.3, and nothing older', async () => {
  assert.is(await shakeHands('TLSv1.3'), 'TLSv1.3');
  assert.is(await shakeHands('TLSv1.2'), 'TLSv1.2');
  for (const old of ['TLSv1.1', 'TLSv1'] as const)
    assert.match(await shakeHands(old), /PROTOCOL_VERSION|ECONNRESET|UNSUPPORTED_PROTOCOL/, old);
});

doors('is trusted by its own authority and by no other', async () => {
  const client = await box.client();
  assert.is((await client.get('/livez')).status, 200);
  client.close();
  const url = `https://localhost:${box.port}/livez`;
  const stranger = await answerOf(tlsGet(url, { agent: new Agent() })).catch(
    (error: NodeJS.ErrnoException) => error.code,
  );
  assert.match(String(stranger), /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/);
});

doors('survives what is no HTTP at all', async () => {
  for (const noise of ['GET / HTTP/1.1\r\n', '\u0000\u0001\u0002', 'A'.repeat(100_000)])
    await new Promise<void>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: box.port, rejectUnauthorized: false });
      socket.on('secureConnect', () => socket.end(noise));
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
    });
  const client = await box.client();
  assert.is((await client.get('/livez')).status, 200);
  client.close();
});

doors('does not let a second process at its data', async () => {
  const second = await runProgram(['start'], { ZHANGGUI_DATA: data, ZHANGGUI_LOG: 'silent' });
  assert.is(second.code, 1);
  assert.match(second.err, /^zhanggui: VAULT_LOCKED: .*process \d+ holds it.* — .*\n$/);
  const client = await box.client();
  assert.is((await client.get('/livez')).status, 200);
  client.close();
});

doors('ends in order when it is asked to, and opens again', async () => {
  assert.is(await box.stop('SIGTERM'), 0);
  await box.start();
  assert.not.match(box.out, /first sign-in|warning:/, 'neither key nor account is made again');
  await box.stop('SIGKILL');
  await box.start();
  const client = await box.client();
  assert.is((await client.get('/readyz')).status, 200);
  client.close();
});

doors('ends within seconds when it is asked to while its engine still loads', async () => {
  const environment = { ZHANGGUI_MODEL_CACHE: join(scratch.path, 'none'), ZHANGGUI_LOG: 'info' };
  const loading = new BoxProgram({ data: join(scratch.path, 'loading'), environment });
  try {
    await loading.start(/^first sign-in/m);
    await until(30_000, () => /encoder is ready/.test(loading.log) || null, 'the encoder runs');
    const asked = performance.now();
    assert.is(await loading.stop('SIGTERM'), 0, loading.log);
    const took = performance.now() - asked;
    assert.ok(took < 10_000, `${Math.round(took)} ms`);
    assert.not.match(loading.out, /^ready/m);
  } finally {
    await loading.stop('SIGKILL');
  }
});

doors.run();
