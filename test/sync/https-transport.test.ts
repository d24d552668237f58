import { closeHq, enrolBox, openHq, transportOf } from '../hq/hq-world.ts';
import { transportContract } from './transport-contract.ts';

const hq = await openHq();
let boxes = 0;

// One headquarters for all: making its keys takes a second. Every test is another box to it.
transportContract(
  'headquarters over HTTPS',
  async () => {
    boxes += 1;
    const appliance = `box-${boxes}`;
    const enrolment = await enrolBox(hq, appliance);
    const transport = transportOf(enrolment);
    const close = async (): Promise<void> => transport.close();
    return { transport, appliance, receiptKeyPem: enrolment.receiptKeyPem, close };
  },
  () => closeHq(hq),
);
