import { z } from 'zod';
import { InputError } from '../../domain/errors.ts';
import type { Projected } from '../../domain/ports.ts';
import { fingerprintOf } from '../../platform/certificates.ts';
import { ApplianceId } from './batch.ts';
import type { HqLedger } from './collector.ts';
import type { EnrolmentTokens } from './enrolment-tokens.ts';
import { type FleetState, findAppliance } from './fleet-projection.ts';
import { TakeTurns } from './take-turns.ts';

/** What an appliance sends to be let in. */
export const AdmissionRequest = z.object({
  secret: z.string().max(100),
  appliance: ApplianceId,
  site: z.string().trim().min(1).max(100),
  csrPem: z.string().max(10_000),
  epoch: z.int().positive().nullable(),
});
type AdmissionRequest = z.infer<typeof AdmissionRequest>;

/** What it gets. */
export type Admitted = {
  readonly certPem: string;
  readonly receiptKeyPem: string;
  readonly epoch: number;
};

/** What admission needs. */
export type AdmissionOptions = {
  readonly tokens: EnrolmentTokens;
  readonly ledger: HqLedger;
  readonly fleet: Projected<FleetState>;
  readonly receiptKeyPem: string;
  readonly signClient: (csrPem: string, appliance: string) => Promise<string>;
};

/** Lets appliances in: a token, a certificate, an epoch. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #turns = new TakeTurns();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** @throws InputError SYNC_ENROLMENT_REFUSED */
  admit(request: AdmissionRequest): Promise<Admitted> {
    return this.#turns.run('admission', () => this.#admit(request));
  }

  async #admit({ secret, appliance, site, csrPem, epoch }: AdmissionRequest): Promise<Admitted> {
    const { tokens, ledger, receiptKeyPem, signClient } = this.#options;
    const allowed = await tokens.check(secret);
    const granted = this.#chooseEpoch(appliance, allowed.appliance, epoch);
    const certPem = await signClient(csrPem, appliance);
    await tokens.spend(secret);
    const fingerprint = fingerprintOf(certPem);
    const data = { appliance, site, epoch: granted, fingerprint };
    await ledger.commit([{ type: 'appliance.enrolled', subject: null, data }]);
    return { certPem, receiptKeyPem, epoch: granted };
  }

  /** The epoch goes on only where the box says which it was in: an emptied box begins a new one. */
  #chooseEpoch(appliance: string, allowed: string | null, claimed: number | null): number {
    if (allowed !== null && allowed !== appliance) {
      throw refused(`the token is for ${allowed}, not for ${appliance}`);
    }
    const known = findAppliance(this.#options.fleet.state, appliance);
    if (known === null) return claimed ?? 1;
    if (allowed === null) {
      throw refused(
        `${appliance} is enrolled already: to enrol it again make a token with --appliance ${appliance}`,
      );
    }
    return claimed !== null && claimed >= known.epoch ? claimed : known.epoch + 1;
  }
}

function refused(detail: string): InputError {
  return new InputError('SYNC_ENROLMENT_REFUSED', { detail });
}
