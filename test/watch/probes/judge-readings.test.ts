import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Health } from '../../../src/domain/health.ts';
import { judgeLevels, levelOf, worstHealth } from '../../../src/watch/probes/judge-readings.ts';
import type { Level } from '../../../src/watch/probes/probe.ts';

const judging = suite('judge-readings');
const limits = { warn: 70, fail: 90, needed: 3, of: 5 };

/** Judges a whole history, one reading after the other. */
function judgeAll(levels: readonly Level[]): Health[] {
  let judged: Health = 'unknown';
  return levels.map((_, i) => {
    judged = judgeLevels(judged, levels.slice(Math.max(0, i + 1 - limits.of), i + 1), limits);
    return judged;
  });
}

const letters = { o: 'ok', d: 'degraded', f: 'failing' } as const;
const spelled = (text: string) => [...text].map((char) => letters[char as 'o' | 'd' | 'f']);

judging('reads a value against its limits, on the side where trouble lies', () => {
  const above = { worse: 'above', limits } as const;
  assert.equal(
    [70, 70.1, 90, 90.1].map((value) => levelOf(value, above)),
    ['ok', 'degraded', 'degraded', 'failing'],
  );
  const below = { worse: 'below', limits: { ...limits, warn: null, fail: 1 } } as const;
  assert.equal(
    [1, 0].map((value) => levelOf(value, below)),
    ['ok', 'failing'],
  );
  const never = { worse: 'above', limits: { ...limits, warn: null, fail: null } } as const;
  assert.is(levelOf(Number.MAX_VALUE, never), 'ok');
});

judging('gets worse when enough of the last readings agree, better when none is as bad', () => {
  assert.equal(judgeAll(spelled('fofof')), spelled('oooof'));
  assert.equal(
    judgeAll(spelled('fffoooooo')),
    spelled('ooffffffo').map((l, i) => (i < 7 ? l : 'ok')),
  );
  assert.equal(judgeAll(spelled('dfd')), spelled('ood'));
  assert.equal(
    judgeAll(spelled('fffddddd')),
    spelled('ooffffff').map((l, i) => (i < 7 ? l : 'degraded')),
  );
});

judging('does not swing with a reading that swings', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom<Level>('ok', 'degraded', 'failing')), (levels) => {
      const judged = judgeAll(levels);
      judged.forEach((health, i) => {
        const before = judged[i - 1] ?? 'ok';
        if (health === before) return;
        const recent = levels.slice(Math.max(0, i + 1 - limits.of), i + 1);
        const order = ['ok', 'degraded', 'failing'];
        const asBad = (than: Health) =>
          recent.filter((level) => order.indexOf(level) >= order.indexOf(than)).length;
        if (order.indexOf(health) > order.indexOf(before))
          assert.ok(asBad(health) >= limits.needed);
        else assert.is(asBad(before), 0);
      });
    }),
  );
});

judging('takes the worst of all that can be read', () => {
  assert.is(worstHealth(['ok', 'unknown', 'degraded']), 'degraded');
  assert.is(worstHealth(['failing', 'ok']), 'failing');
  assert.is(worstHealth(['unknown', 'ok']), 'ok');
  assert.is(worstHealth(['unknown']), 'unknown');
  assert.is(worstHealth([]), 'unknown');
});

judging.run();
