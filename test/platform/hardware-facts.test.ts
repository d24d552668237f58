import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHardwareFacts } from '../../src/platform/hardware-facts.ts';

const facts = suite('hardware-facts');

function procFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'proc-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

facts("reads the kernel's numbers", async () => {
  const folder = procFolder({
    loadavg: '1.50 0.80 0.40 2/345 6789\n',
    meminfo: 'MemTotal:        4028520 kB\nMemFree:   99 kB\nMemAvailable:    2048 kB\n',
  });
  const machine = createHardwareFacts(tmpdir(), folder);
  assert.is(await machine.cpuLoad(), 1.5 / availableParallelism());
  assert.is(await machine.freeMemoryBytes(), 2 * 1024 * 1024);
  rmSync(folder, { recursive: true });
});

facts('has no reading where the kernel shows none', async () => {
  const folder = procFolder({ meminfo: 'MemTotal: many\n' });
  const machine = createHardwareFacts(tmpdir(), folder);
  assert.is(await machine.cpuLoad(), null);
  assert.is(await machine.freeMemoryBytes(), null);
  rmSync(folder, { recursive: true });
});

facts('reads this very machine', async () => {
  const machine = createHardwareFacts(tmpdir());
  const freeDiskBytes = await machine.freeDiskBytes();
  assert.ok(freeDiskBytes !== null && freeDiskBytes > 0);
  const temperatureC = await machine.temperatureC();
  assert.ok(temperatureC === null || (temperatureC > 0 && temperatureC < 130), `${temperatureC}`);
});

facts('does not make up the disk space of a folder that is gone', async () => {
  const machine = createHardwareFacts(join(tmpdir(), 'no-such-folder-here'));
  try {
    await machine.freeDiskBytes();
    assert.unreachable();
  } catch (error) {
    assert.is((error as NodeJS.ErrnoException).code, 'ENOENT');
  }
});

facts.run();
