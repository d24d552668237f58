import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { levelOf } from '../../../src/watch/probes/judge-readings.ts';
import { createProbes, type ProbeSources } from '../../../src/watch/probes/standard-probes.ts';

const standard = suite('standard-probes');
const MIB = 1024 * 1024;

const healthy: ProbeSources = {
  cpuLoad: () => 0.2,
  temperatureC: async () => 50,
  freeMemoryBytes: () => 800 * MIB,
  freeDiskBytes: () => 20_000 * MIB,
  eventLoopLagMs: () => 2,
  heapUsedShare: () => 0.3,
  inferenceP95Ms: () => 6,
  isInferenceAlive: () => true,
  ledgerSyncMs: () => 4,
  isLedgerWritable: () => true,
  isHeadquartersReachable: () => true,
  certificateDaysLeft: () => 300,
  clockStepMs: () => 0,
};

async function levelsOf(sources: ProbeSources): Promise<Record<string, string>> {
  const levels: Record<string, string> = {};
  for (const probe of createProbes(sources)) {
    const value = await probe.read();
    levels[probe.name] = value === null ? 'unread' : levelOf(value, probe);
  }
  return levels;
}

standard('finds nothing wrong with a healthy box', async () => {
  const levels = await levelsOf(healthy);
  assert.is(Object.keys(levels).length, 13);
  for (const [name, level] of Object.entries(levels)) assert.is(level, 'ok', name);
});

const FAULTS: readonly (readonly [Partial<ProbeSources>, probe: string, level: string])[] = [
  [{ cpuLoad: () => 3 }, 'cpu_load', 'degraded'],
  [{ temperatureC: () => 80 }, 'temperature', 'degraded'],
  [{ temperatureC: () => null }, 'temperature', 'unread'],
  [{ freeMemoryBytes: () => 50 * MIB }, 'memory_free', 'failing'],
  [{ freeDiskBytes: () => 1_000 * MIB }, 'disk_free', 'degraded'],
  [{ eventLoopLagMs: () => 600 }, 'event_loop_lag', 'failing'],
  [{ heapUsedShare: () => 0.8 }, 'heap_used', 'degraded'],
  [{ inferenceP95Ms: () => 400 }, 'inference_latency', 'failing'],
  [{ isInferenceAlive: () => false }, 'inference_alive', 'failing'],
  [{ ledgerSyncMs: () => 3_000 }, 'ledger_sync', 'failing'],
  [{ isLedgerWritable: () => false }, 'ledger_writable', 'failing'],
  [{ isHeadquartersReachable: () => false }, 'headquarters', 'degraded'],
  [{ isHeadquartersReachable: () => null }, 'headquarters', 'unread'],
  [{ certificateDaysLeft: () => 3 }, 'certificate_days', 'failing'],
  [{ clockStepMs: () => 3_600_000 }, 'clock_step', 'failing'],
];

standard('sees each fault with its own probe and with no other', async () => {
  for (const [fault, probe, level] of FAULTS) {
    const { [probe]: seen, ...others } = await levelsOf({ ...healthy, ...fault });
    assert.is(seen, level, probe);
    for (const [name, other] of Object.entries(others)) assert.is(other, 'ok', `${probe}: ${name}`);
  }
});

standard('takes the limits of a device profile and keeps the others', () => {
  const limits = { warn: 60, fail: 70, needed: 1, of: 1 };
  const probes = createProbes(healthy, { temperature: limits });
  assert.equal(probes.find(({ name }) => name === 'temperature')?.limits, limits);
  assert.is(probes.find(({ name }) => name === 'disk_free')?.limits.warn, 2_048);
});

standard.run();
