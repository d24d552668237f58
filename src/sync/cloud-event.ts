import { createHash } from 'node:crypto';
import type { CommittedEvent, EventType, Lane } from '../domain/events.ts';

/** Media type of a batch (CloudEvents 1.0, JSON format §4). */
export const BATCH_CONTENT_TYPE = 'application/cloudevents-batch+json';

/** An event as it travels to headquarters (CloudEvents 1.0 with the sequence extension). */
export type CloudEvent = {
  readonly specversion: '1.0';
  /** `<appliance>:<epoch>:<lane>:<laneSequence>`: the same event has the same id for ever. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** RFC 3339. */
  readonly time: string;
  readonly subject?: string;
  readonly datacontenttype: 'application/json';
  /** Lane sequence with leading zeros, so that it also sorts as text. */
  readonly sequence: string;
  readonly lane: Lane;
  readonly epoch: number;
  readonly data: {
    readonly facts: Readonly<Record<string, unknown>>;
    /** Still sealed with the subject's key; null when the event identifies nobody. */
    readonly personal: Readonly<Record<string, string>> | null;
  };
};

/** Whose events these are. */
export type Sender = { readonly appliance: string; readonly epoch: number };

/** Fields that open something on the box; headquarters has no use for them. */
const SECRETS: Partial<Readonly<Record<EventType, string>>> = {
  'session.opened': 'tokenHash',
  'account.created': 'passwordHash',
  'account.password_changed': 'passwordHash',
};

/** Turns a committed event into what headquarters receives. */
export function toCloudEvent(event: CommittedEvent, sender: Sender): CloudEvent {
  const secret = SECRETS[event.type];
  const facts = Object.entries(event.data).filter(([name]) => name !== secret);
  return {
    specversion: '1.0',
    id: `${sender.appliance}:${sender.epoch}:${event.lane}:${event.laneSequence}`,
    source: `urn:zhanggui:${sender.appliance}`,
    type: `org.zhanggui.${event.type}.v1`,
    time: new Date(event.at).toISOString(),
    ...(event.subject === null ? {} : { subject: event.subject }),
    datacontenttype: 'application/json',
    sequence: String(event.laneSequence).padStart(16, '0'),
    lane: event.lane,
    epoch: sender.epoch,
    data: { facts: Object.fromEntries(facts), personal: event.personal ?? null },
  };
}

/**
 * Computes what stands for the last event of a lane in a receipt.
 *
 * Two boxes that went on from copies of one disk give different times to the same sequence, and are
 * told apart by this. Only attributes that no release changes go in.
 */
export function headOf(event: CloudEvent): string {
  return createHash('sha256').update(`${event.id}\n${event.type}\n${event.time}`).digest('hex');
}
