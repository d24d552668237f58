import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  judgeConnectivity,
  judgeLiveness,
  judgeReadiness,
  type ReadinessFacts,
} from '../../src/watch/liveness.ts';

const liveness = suite('liveness');

const READY: ReadinessFacts = {
  isStarted: true,
  isStopping: false,
  engines: { local: true, cloud: true, keyword: true },
  isLedgerWritable: true,
  answersUnrecorded: true,
};
const NO_ENGINE = { local: false, cloud: false, keyword: false };

liveness('says that the process lives unless the loop or a commit is stuck', () => {
  assert.ok(judgeLiveness({ eventLoopLagMs: null, oldestCommitMs: null }).ok);
  assert.ok(judgeLiveness({ eventLoopLagMs: 9_000, oldestCommitMs: 9_000 }).ok);
  assert.equal(judgeLiveness({ eventLoopLagMs: 11_000, oldestCommitMs: 11_000 }), {
    ok: false,
    reasons: ['event_loop_stuck', 'ledger_commit_stuck'],
  });
});

liveness('is ready while any engine answers, if only the keyword list', () => {
  assert.equal(judgeReadiness(READY), { ok: true, reasons: [] });
  for (const one of ['local', 'cloud', 'keyword'] as const) {
    assert.ok(judgeReadiness({ ...READY, engines: { ...NO_ENGINE, [one]: true } }).ok, one);
  }
  assert.equal(judgeReadiness({ ...READY, engines: NO_ENGINE }).reasons, ['no_engine']);
});

liveness('is ready without a writable ledger only while answers go out unrecorded', () => {
  const readOnly = { ...READY, isLedgerWritable: false };
  assert.ok(judgeReadiness(readOnly).ok);
  const strict = judgeReadiness({ ...readOnly, answersUnrecorded: false });
  assert.equal(strict.reasons, ['ledger_not_writable']);
});

liveness('is not ready before the start is done and once the stop has begun', () => {
  assert.equal(judgeReadiness({ ...READY, isStarted: false }).reasons, ['starting']);
  assert.equal(judgeReadiness({ ...READY, isStopping: true }).reasons, ['stopping']);
});

liveness('tells the line to headquarters apart from both', () => {
  const line = { isConfigured: true, isReachable: true, lastReceiptAt: 1_000, now: 6_000 };
  assert.equal(judgeConnectivity(line), { state: 'connected', silentMs: 5_000 });
  assert.equal(judgeConnectivity({ ...line, isReachable: false, now: 900 }), {
    state: 'disconnected',
    silentMs: 0,
  });
  assert.equal(judgeConnectivity({ ...line, isConfigured: false, lastReceiptAt: null }), {
    state: 'standalone',
    silentMs: null,
  });
});

liveness.run();
