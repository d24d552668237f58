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

/** The sealed document that keeps it; `current` is null while the box is not enrolled. */
export type StoredEnrolment = { readonly current: Enrolment | null };

/** Reads a stored enrolment; throws when it is none. */
export function parseStoredEnrolment(stored: unknown): StoredEnrolment {
  return z.object({ current: EnrolmentSchema.nullable() }).parse(stored);
}
