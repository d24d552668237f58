import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InputError } from '../../domain/errors.ts';
import type { Lane } from '../../domain/events.ts';

/** A name that can stand in identifiers, certificates and addresses. */
export const ApplianceId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);

const Event = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.string().max(200),
  source: z.string().startsWith('urn:zhanggui:').max(200),
  type: z.string().regex(/^org\.zhanggui\.[a-z_]+\.[a-z_]+\.v\d+$/),
  time: z.iso.datetime(),
  subject: z.string().min(1).max(200).optional(),
  datacontenttype: z.literal('application/json'),
  sequence: z.string().regex(/^\d{16}$/),
  lane: z.enum(['urgent', 'normal', 'bulk']),
  epoch: z.int().positive(),
  data: z.object({
    facts: z.record(z.string(), z.unknown()),
    personal: z.record(z.string(), z.string()).nullable(),
  }),
});

/** One CloudEvent as an appliance sends it. */
export type ReceivedEvent = z.infer<typeof Event>;

/** Shape of a batch; what its events must have in common is checked by `readBatch`. */
export const BatchSchema = z.array(Event).min(1).max(1000);

/** Contiguous events of one lane and one epoch of one appliance. */
export type Batch = {
  readonly appliance: string;
  readonly epoch: number;
  readonly lane: Lane;
  /** Lane sequence of the first event. */
  readonly first: number;
  readonly events: readonly ReceivedEvent[];
};

/**
 * Checks that events form one batch.
 *
 * @throws InputError SYNC_BATCH_INVALID
 */
export function readBatch(events: readonly ReceivedEvent[]): Batch {
  const [head] = events;
  if (head === undefined) throw invalid('it is empty');
  const appliance = head.source.slice('urn:zhanggui:'.length);
  const { epoch, lane } = head;
  const first = Number(head.sequence);
  for (const [index, event] of events.entries()) {
    const wanted = `${appliance}:${epoch}:${lane}:${first + index}`;
    const isInPlace =
      event.id === wanted &&
      event.source === head.source &&
      event.lane === lane &&
      event.epoch === epoch &&
      Number(event.sequence) === first + index;
    if (!isInPlace) throw invalid(`event ${index} is ${event.id} where ${wanted} was due`);
  }
  if (first < 1) throw invalid('sequences begin at 1');
  return { appliance, epoch, lane, first, events };
}

/** Computes what stands for an event as the last of its lane; appliances compute the same. */
export function headOf(event: ReceivedEvent): string {
  return createHash('sha256').update(`${event.id}\n${event.type}\n${event.time}`).digest('hex');
}

function invalid(why: string): InputError {
  return new InputError('SYNC_BATCH_INVALID', {
    detail: `the batch is not contiguous events of one lane: ${why}`,
  });
}
