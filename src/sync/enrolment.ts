import { z } from 'zod';

const EnrolmentSchema = z.object({
  /** `https://host:port` of headquarters' collector. */
  url: z.url(),
  appliance: z.string().min(1),
  /** Counts the histories of this appliance; sequences begin again at 1 in each. */
  epoch: z.int().positive(),
  caPem: z.string(),
  certPem: z.string(),
  keyPem: z.string(),
  /** Wall time at which `certPem` expires, ms since the epoch. */
  notAfter: z.number(),
  receiptKeyPem: z.string(),
});

/** What a box keeps of its enrolment; holds a private key, so it belongs into a sealed document. */
export type Enrolment = Readonly<z.infer<typeof EnrolmentSchema>>;

/** Reads a stored enrolment, or null for a box that has none; throws when it is neither. */
export function parseEnrolment(stored: unknown): Enrolment | null {
  return EnrolmentSchema.nullable().parse(stored);
}
