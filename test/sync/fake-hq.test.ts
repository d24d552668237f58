import { FakeHq, RECEIPT_KEY } from './fake-hq.ts';
import { transportContract } from './transport-contract.ts';

// The delivery tests stand on this fake: it must keep the contract of the real one.
transportContract('headquarters in memory', async () => ({
  transport: new FakeHq(),
  appliance: 'box-1',
  receiptKeyPem: RECEIPT_KEY,
  close: () => Promise.resolve(),
}));
