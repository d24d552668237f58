import type { Lane } from '../domain/events.ts';
import type { ReceivedEvent } from './collector/batch.ts';

/** Everything that headquarters writes into its own ledger. */
export type HqEvent =
  | {
      readonly type: 'appliance.enrolled';
      readonly subject: null;
      readonly data: {
        readonly appliance: string;
        readonly site: string;
        readonly epoch: number;
        /** SHA-256 of the certificate that alone speaks for the appliance from now on. */
        readonly fingerprint: string;
      };
    }
  | {
      readonly type: 'event.received';
      readonly subject: null;
      readonly data: {
        readonly appliance: string;
        readonly epoch: number;
        readonly lane: Lane;
        readonly laneSequence: number;
        readonly head: string;
        readonly event: ReceivedEvent;
      };
    }
  | {
      readonly type: 'duplicates.ignored';
      readonly subject: null;
      readonly data: {
        readonly appliance: string;
        readonly epoch: number;
        readonly lane: Lane;
        readonly count: number;
      };
    };
