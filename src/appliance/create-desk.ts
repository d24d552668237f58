import type { Config } from '../config/load-config.ts';
import { Escalations } from '../desk/escalations.ts';
import { Tickets } from '../desk/tickets.ts';
import { newId, newReadableCode } from '../platform/new-id.ts';
import { maskContact, piiMasker } from '../trust/pii/mask-pii.ts';
import type { Edges } from './edges.ts';
import type { Stores } from './open-stores.ts';

/** Makes the desk: escalations and tickets. */
export function createDesk(config: Config, { clock, log }: Edges, stores: Stores) {
  const { ledger, desk, personal } = stores;
  const leaseMs = config.site.desk.leaseSeconds * 1000;
  return {
    escalations: new Escalations({ ledger, desk, clock, log, newId, leaseMs }),
    tickets: new Tickets({
      ...{ ledger, desk, clock, personal },
      newCode: () => newReadableCode(6),
      masking: (language) => ({
        contact: maskContact,
        text: (value) => piiMasker.mask(value, language),
      }),
    }),
  };
}
