import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ServiceNotify } from '../../src/platform/service-notify.ts';

const notifying = suite('ServiceNotify');

/** Stands in for systemd-notify: writes down what it was asked to send and where to. */
function openService(notifySocket: string | undefined, exitCode = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'notify-'));
  const [command, sent] = [join(folder, 'systemd-notify'), join(folder, 'sent')];
  writeFileSync(sent, '');
  writeFileSync(command, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${sent}\nexit ${exitCode}\n`);
  chmodSync(command, 0o755);
  const warnings: unknown[] = [];
  const log = {
    debug() {},
    info() {},
    error() {},
    warn: (_: string, fields?: object) => warnings.push(fields),
  };
  return {
    service: new ServiceNotify({ notifySocket, log, command }),
    warnings,
    sent: () => readFileSync(sent, 'utf8').split('\n').filter(Boolean),
    close: () => rmSync(folder, { recursive: true }),
  };
}

notifying('tells the service manager that it is ready, makes progress, stops', async () => {
  const { service, sent, warnings, close } = openService('/run/systemd/notify');
  await service.ready();
  await service.watchdog();
  await service.stopping();
  assert.equal(
    sent(),
    ['READY=1', 'WATCHDOG=1', 'STOPPING=1'].map((message) => `/run/systemd/notify ${message}`),
  );
  assert.equal(warnings, []);
  close();
});

notifying('runs nothing when it was not started as a service', async () => {
  const { service, sent, close } = openService(undefined);
  await service.ready();
  assert.equal(sent(), []);
  close();
});

notifying('goes on and says so when the message cannot be sent', async () => {
  const { service, warnings, close } = openService('/run/systemd/notify', 1);
  await service.watchdog();
  assert.match(JSON.stringify(warnings), 'WATCHDOG=1');
  assert.match(JSON.stringify(warnings), 'ended with 1');
  close();
  await service.watchdog();
  assert.is(warnings.length, 2, 'the program is gone');
});

notifying.run();
