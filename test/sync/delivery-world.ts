import { Delivery, type DeliveryOptions } from '../../src/sync/delivery.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { documentOf, readerOf, SILENT } from './box.ts';
import { FakeHq, RECEIPT_KEY } from './fake-hq.ts';

/** A box with a ledger in memory, on a line to a headquarters in memory. */
export function build(changes: Partial<DeliveryOptions> = {}) {
  const clock = new ManualClock();
  const ledger = new MemoryLedger(clock);
  const hq = new FakeHq();
  const cursors = documentOf();
  const delivery = new Delivery({
    appliance: 'box-1',
    epoch: 1,
    receiptKeyPem: RECEIPT_KEY,
    reader: readerOf(ledger),
    transport: hq,
    clock,
    random: () => 1,
    ledger,
    cursors,
    log: SILENT,
    ...changes,
  });
  const start = async () => {
    await delivery.start(new AbortController().signal);
    await rest();
  };
  const lane = (name: string) => {
    const found = delivery.deliveryState().lanes.find((one) => one.lane === name);
    if (found === undefined) throw new Error(`no lane ${name}`);
    return found;
  };
  return { clock, ledger, hq, cursors, delivery, start, lane };
}

/** Lets delivery run until it waits for the clock. */
export async function rest(): Promise<void> {
  for (let round = 0; round < 60; round += 1) await settle();
}

/** What headquarters took, in order. */
export const idsOf = (hq: FakeHq): string[] => hq.taken.map(({ id }) => id);
