import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RecentLatencies } from '../../src/watch/recent-latencies.ts';

const latencies = suite('RecentLatencies');

latencies('tells percentiles of the last two hundred', () => {
  const recent = new RecentLatencies();
  assert.is(recent.percentileMs(0.5), null);
  recent.record(7);
  assert.is(recent.percentileMs(0.99), 7);
  for (let ms = 1; ms <= 1_000; ms++) recent.record(ms);
  assert.is(recent.percentileMs(0), 801);
  assert.is(recent.percentileMs(0.5), 900);
  assert.is(recent.percentileMs(0.95), 990);
  assert.is(recent.percentileMs(1), 1_000);
});

latencies.run();
