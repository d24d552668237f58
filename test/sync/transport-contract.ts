import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ErrorCode } from '../../src/domain/error-catalogue.ts';
import { ApplianceError } from '../../src/domain/errors.ts';
import { type CloudEvent, headOf, toCloudEvent } from '../../src/sync/cloud-event.ts';
import type { HqTransport } from '../../src/sync/hq-transport.ts';
import { checkReceipt } from '../../src/sync/receipt.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { feedback, many } from './box.ts';
import { ANSWER } from './fake-hq.ts';

/** A headquarters that knows `appliance` in epoch 1 and has heard nothing from it. */
export type TransportWorld = {
  readonly transport: HqTransport;
  readonly appliance: string;
  readonly receiptKeyPem: string;
  readonly close: () => Promise<void>;
};

const NEVER = new AbortController().signal;

/** Makes a batch of the normal lane: events `from` … `to`. */
export async function batchOf(
  appliance: string,
  from: number,
  to: number,
  epoch = 1,
): Promise<CloudEvent[]> {
  const ledger = new MemoryLedger(new ManualClock());
  const events = await ledger.commit(many(to, feedback));
  return events.slice(from - 1).map((event) => toCloudEvent(event, { appliance, epoch }));
}

/** Checks that work is refused with a code. */
export async function refusedWith(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  const failure: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  assert.instance(failure, ApplianceError, `expected ${code}, got ${String(failure)}`);
  assert.is((failure as ApplianceError).code, code, String(failure));
}

function placeOf({ appliance }: TransportWorld) {
  return { appliance, epoch: 1, lane: 'normal' } as const;
}

/** What every way to headquarters must do. */
export function transportContract(
  name: string,
  open: () => Promise<TransportWorld>,
  closeAll: () => Promise<void> = () => Promise.resolve(),
): void {
  const test = suite<{ world: TransportWorld }>(name);

  test.before.each(async (context) => {
    context.world = await open();
  });
  test.after.each(async ({ world }) => world.close());
  test.after(closeAll);

  test('answers a batch with a signed receipt up to its last event', async ({ world }) => {
    const batch = await batchOf(world.appliance, 1, 5);
    const outcome = await world.transport.sendBatch(batch, NEVER);
    assert.is(outcome.kind, 'accepted');
    assert.is(outcome.receipt.watermark, 5);
    assert.is(outcome.receipt.head, headOf(batch[4] as CloudEvent));
    checkReceipt(outcome.receipt, placeOf(world), world.receiptKeyPem);
  });

  test('takes what it has already as duplicates, and what is new beside it', async ({ world }) => {
    await world.transport.sendBatch(await batchOf(world.appliance, 1, 5), NEVER);
    const outcome = await world.transport.sendBatch(await batchOf(world.appliance, 3, 8), NEVER);
    assert.is(outcome.kind === 'accepted' && outcome.duplicates, 3);
    assert.is(outcome.receipt.watermark, 8);
    const again = await world.transport.sendBatch(await batchOf(world.appliance, 1, 2), NEVER);
    assert.is(again.kind === 'accepted' && again.duplicates, 2);
    assert.is(again.receipt.watermark, 8);
  });

  test('takes nothing of a batch that leaves a gap and says where to go on', async ({ world }) => {
    await world.transport.sendBatch(await batchOf(world.appliance, 1, 2), NEVER);
    const outcome = await world.transport.sendBatch(await batchOf(world.appliance, 4, 6), NEVER);
    assert.is(outcome.kind, 'gap');
    assert.is(outcome.receipt.watermark, 2);
    checkReceipt(outcome.receipt, placeOf(world), world.receiptKeyPem);
  });

  test('takes each event once when the same batches arrive together', async ({ world }) => {
    const batch = await batchOf(world.appliance, 1, 20);
    const outcomes = await Promise.all(
      many(6, feedback).map(() => world.transport.sendBatch(batch, NEVER)),
    );
    const duplicates = outcomes.map((one) => (one.kind === 'accepted' ? one.duplicates : -1));
    assert.equal(duplicates.sort(), [0, 20, 20, 20, 20, 20]);
  });

  test('tells the signed watermark of every lane', async ({ world }) => {
    await world.transport.sendBatch(await batchOf(world.appliance, 1, 5), NEVER);
    const receipts = await world.transport.watermarks(1, NEVER);
    for (const lane of ['urgent', 'normal', 'bulk'] as const) {
      const receipt = receipts.find((one) => one.lane === lane);
      assert.is(receipt?.watermark, lane === 'normal' ? 5 : 0);
      if (receipt) checkReceipt(receipt, { ...placeOf(world), lane }, world.receiptKeyPem);
    }
  });

  test('refuses an epoch that is not the current one', async ({ world }) => {
    const old = await batchOf(world.appliance, 1, 2, 7);
    await refusedWith('SYNC_HQ_REFUSED', world.transport.sendBatch(old, NEVER));
    await refusedWith('SYNC_HQ_REFUSED', world.transport.watermarks(7, NEVER));
  });

  test('refuses a batch of two lanes', async ({ world }) => {
    const [first, second] = await batchOf(world.appliance, 1, 2);
    const mixed = [first, { ...second, lane: 'bulk' }] as CloudEvent[];
    await refusedWith('SYNC_BATCH_INVALID', world.transport.sendBatch(mixed, NEVER));
  });

  test('asks for an answer with its thresholds', async ({ world }) => {
    assert.equal(await world.transport.understand('卡丢了', 'zh', 5000), ANSWER);
  });

  test.run();
}
