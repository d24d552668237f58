import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EnrolmentTokens } from '../../../src/hq/collector/enrolment-tokens.ts';
import { createFileRoot } from '../../../src/platform/durable-files.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { refusedWith } from '../../sync/transport-contract.ts';

const test = suite<{ dir: string }>('enrolment tokens');

test.before.each(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'tokens-'));
});
test.after.each(async ({ dir }) => rm(dir, { recursive: true, force: true }));

test('keeps only the hash of a token', async ({ dir }) => {
  const secret = await new EnrolmentTokens(createFileRoot(dir), new ManualClock()).make(null);
  const [file = ''] = await readdir(dir);
  assert.not.match(file + (await readFile(join(dir, file), 'utf8')), secret);
});

test('ends after 24 hours', async ({ dir }) => {
  const clock = new ManualClock();
  const tokens = new EnrolmentTokens(createFileRoot(dir), clock);
  const secret = await tokens.make('box-1');
  await clock.advance(24 * 3_600_000 - 1);
  assert.equal(await tokens.check(secret), { appliance: 'box-1' });
  await clock.advance(1);
  await refusedWith('SYNC_ENROLMENT_REFUSED', tokens.check(secret));
});

test('can be spent once, also by many at the same time', async ({ dir }) => {
  const tokens = new EnrolmentTokens(createFileRoot(dir), new ManualClock());
  const secret = await tokens.make(null);
  const tries = await Promise.allSettled([1, 2, 3, 4].map(() => tokens.spend(secret)));
  assert.is(tries.filter(({ status }) => status === 'fulfilled').length, 1);
  await refusedWith('SYNC_ENROLMENT_REFUSED', tokens.check(secret));
  assert.equal(await readdir(dir), []);
});

test.run();
