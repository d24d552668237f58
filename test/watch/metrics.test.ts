import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mode } from '../../src/domain/health.ts';
import { Metrics } from '../../src/watch/metrics.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { someEscalation, someReceipt, someTurn, someVisit } from './some-turn.ts';

const metrics = suite('Metrics');

function openMetrics() {
  const now: { mode: Mode; syncMs: number | null } = { mode: 'local', syncMs: 4 };
  const title = { zh: '磁盘', en: 'Disk' };
  const disk = { name: 'disk_free', title, health: 'failing', value: 1 } as const;
  const made = new Metrics({
    version: '0.1.0',
    mode: () => now.mode,
    probes: () => [{ ...disk, unit: 'MiB', threshold: 2, readAt: 0 }],
    eventLoopLagMs: () => 2,
    ledgerSyncMs: () => now.syncMs,
    laneLag: () => ({ urgent: 0, normal: 12, bulk: 3 }),
  });
  return { metrics: made, now };
}

metrics('measures every stage of a turn in seconds and counts it once', async () => {
  const { metrics: made } = openMetrics();
  made.observeTurn(someReceipt('answer', 20));
  made.observeTurn({ ...someReceipt('answer', 20), recorded: false });
  const text = await made.text();
  assert.match(text, 'zhanggui_turn_duration_seconds_sum{stage="total",route="answer"} 0.04');
  assert.match(text, 'zhanggui_turn_duration_seconds_count{stage="encode",route="answer"} 2');
  assert.match(text, 'zhanggui_turns_total{route="answer",engine="local",recorded="true"} 1');
  assert.match(text, 'zhanggui_turns_total{route="answer",engine="local",recorded="false"} 1');
});

metrics('counts what the ledger tells, and no turn twice', async () => {
  const { metrics: made } = openMetrics();
  const ledger = new MemoryLedger(new ManualClock());
  ledger.subscribe((event) => made.observe(event));
  await ledger.commit([someVisit, someTurn('answer', 5), someEscalation]);
  const text = await made.text();
  assert.match(text, 'zhanggui_visits_total{channel="kiosk"} 1');
  assert.match(text, 'zhanggui_escalations_total{reason="customer_asked"} 1');
  assert.not.match(text, 'zhanggui_turns_total{');
});

metrics('reads gauges at the moment of the scrape', async () => {
  const { metrics: made, now } = openMetrics();
  const before = await made.text();
  assert.match(before, 'zhanggui_mode{mode="local"} 1');
  assert.match(before, 'zhanggui_ledger_sync_seconds 0.004');
  assert.match(before, 'zhanggui_event_loop_lag_seconds 0.002');
  assert.match(before, 'zhanggui_lane_lag_events{lane="normal"} 12');
  assert.match(before, 'zhanggui_probe_health{probe="disk_free"} 2');
  assert.match(before, 'zhanggui_build_info{version="0.1.0"} 1');
  assert.match(before, /zhanggui_resident_memory_bytes [1-9]\d{6,}/);
  now.mode = 'fallback';
  now.syncMs = null;
  const after = await made.text();
  assert.match(after, 'zhanggui_mode{mode="local"} 0');
  assert.match(after, 'zhanggui_mode{mode="fallback"} 1');
  assert.match(after, /zhanggui_ledger_sync_seconds Nan/i);
});

metrics('names everything after the product, with its unit, and explains it', async () => {
  const { metrics: made } = openMetrics();
  const names = [...(await made.text()).matchAll(/^# HELP (\S+) (.+)$/gm)];
  assert.ok(names.length >= 12);
  for (const [, name = ''] of names) assert.match(name, /^zhanggui_[a-z_]+$/);
  assert.match(made.contentType, /^text\/plain; version=0\.0\.4/);
});

metrics('keeps one registry each, so that two boxes in a process do not meet', () => {
  openMetrics();
  openMetrics();
});

metrics.run();
