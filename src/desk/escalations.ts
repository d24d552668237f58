import type { Account } from '../domain/account.ts';
import type { ChatMessage, Outcome } from '../domain/desk.ts';
import { InputError } from '../domain/errors.ts';
import type { NewEvent } from '../domain/events.ts';
import { ownValue } from '../domain/own-value.ts';
import type { Part } from '../domain/part.ts';
import type {
  Clock,
  HandOver,
  HandOverRequest,
  Ledger,
  Log,
  NewId,
  Projected,
} from '../domain/ports.ts';
import { repeatEvery } from '../domain/repeat-every.ts';
import type { DeskState, EscalationRecord } from './desk-projection.ts';
import { estimateWait, queueOrder } from './queue.ts';

/** What the desk needs. */
export type EscalationsOptions = {
  readonly ledger: Ledger;
  readonly desk: Projected<DeskState>;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: NewId;
  /** A claim without a heartbeat returns to the queue after this. */
  readonly leaseMs: number;
};

type Staff = Pick<Account, 'name' | 'displayName'>;

const SWEEP_MS = 1_000;

/** Who waits for a person, and who has one: claims are leases that return by themselves. */
export class Escalations implements Part, HandOver {
  readonly name = 'escalations';
  readonly vital = true;
  readonly #options: EscalationsOptions;
  /** Escalations with a change on its way to disk: decided here, so that two claims cannot both win. */
  readonly #changing = new Set<string>();
  #stop = new AbortController();
  #sweeping: Promise<void> = Promise.resolve();

  constructor(options: EscalationsOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stop = new AbortController();
    const { clock, log } = this.#options;
    this.#sweeping = repeatEvery(
      clock,
      SWEEP_MS,
      this.#stop.signal,
      () => this.sweep(),
      (error) => log.error('leases could not be returned', { error }),
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#sweeping;
  }

  request(request: HandOverRequest): NewEvent<'escalation.opened'> | null {
    if (this.isOpen(request.sessionId)) return null;
    return {
      type: 'escalation.opened',
      subject: request.sessionId,
      data: { escalationId: this.#options.newId(), ...request },
    };
  }

  relay(sessionId: string, maskedText: string): NewEvent<'message.sent'> | null {
    const open = this.openFor(sessionId);
    if (!open) return null;
    const at = this.#options.clock.now();
    return this.#message(open, { at, from: 'customer', author: null, text: maskedText });
  }

  isOpen(sessionId: string): boolean {
    return this.openFor(sessionId) !== null;
  }

  abandon(sessionId: string): NewEvent<'escalation.resolved'> | null {
    const open = this.openFor(sessionId);
    return open && this.#resolved(open, open.holder, 'customer_left', '');
  }

  /** The escalation that a visit waits in; null when there is none. */
  openFor(sessionId: string): EscalationRecord | null {
    for (const one of Object.values(this.#options.desk.state.escalations))
      if (one.sessionId === sessionId && one.status !== 'resolved') return one;
    return null;
  }

  /** Everything that is not resolved, next first; then what was resolved today. */
  list(): EscalationRecord[] {
    return Object.values(this.#options.desk.state.escalations).sort(queueOrder);
  }

  /** Where a waiting escalation stands: 1 = next. Null when it does not wait. */
  position(id: string): number | null {
    const waiting = this.list().filter((one) => one.status === 'waiting');
    const index = waiting.findIndex((one) => one.id === id);
    return index < 0 ? null : index + 1;
  }

  /** An honest estimate of the wait, whole seconds; null without a basis. */
  waitSeconds(id: string): number | null {
    const position = this.position(id);
    return position === null ? null : estimateWait(this.#options.desk.state.waitsMs, position);
  }

  /** @throws InputError DESK_ESCALATION_UNKNOWN */
  require(id: string): EscalationRecord {
    const found = ownValue(this.#options.desk.state.escalations, id);
    if (!found) {
      throw new InputError('DESK_ESCALATION_UNKNOWN', {
        detail: `no escalation has the id ${id}; reload the queue`,
      });
    }
    return found;
  }

  /**
   * Takes an escalation. Whoever holds it may claim again: that renews the lease.
   *
   * @throws InputError DESK_ALREADY_CLAIMED
   */
  async claim(id: string, staff: Staff): Promise<EscalationRecord> {
    const escalation = this.require(id);
    if (escalation.status === 'claimed' && escalation.holder === staff.name)
      return this.heartbeat(id, staff);
    if (escalation.status !== 'waiting' || this.#changing.has(id)) {
      throw new InputError('DESK_ALREADY_CLAIMED', {
        detail: `escalation ${id} is ${escalation.status}; choose another`,
      });
    }
    return this.#change(escalation, {
      type: 'escalation.claimed',
      subject: escalation.sessionId,
      data: { escalationId: id, account: staff.name, leaseUntil: this.#leaseUntil() },
    });
  }

  /** Keeps a lease alive. @throws InputError DESK_LEASE_LOST, DESK_NOT_HOLDER */
  async heartbeat(id: string, staff: Staff): Promise<EscalationRecord> {
    const escalation = this.#held(id, staff);
    return this.#change(escalation, {
      type: 'escalation.renewed',
      subject: escalation.sessionId,
      data: { escalationId: id, account: staff.name, leaseUntil: this.#leaseUntil() },
    });
  }

  /** Gives an escalation back to the queue. */
  async release(id: string, staff: Staff): Promise<EscalationRecord> {
    const escalation = this.#held(id, staff);
    return this.#change(escalation, this.#returned(escalation, 'released'));
  }

  /** Says something to the customer. `maskedText` is kept. */
  async send(id: string, staff: Staff, maskedText: string): Promise<ChatMessage> {
    const escalation = this.#held(id, staff);
    const at = this.#options.clock.now();
    const message: ChatMessage = { at, from: 'agent', author: staff.displayName, text: maskedText };
    await this.#options.ledger.commit([this.#message(escalation, message)]);
    return message;
  }

  /** Ends a hand-over; the machine takes the conversation back. */
  async resolve(
    id: string,
    staff: Staff,
    outcome: Outcome,
    note: string,
  ): Promise<EscalationRecord> {
    const escalation = this.#held(id, staff);
    return this.#change(escalation, this.#resolved(escalation, staff.name, outcome, note));
  }

  /** Returns every claim whose lease has run out. */
  async sweep(): Promise<void> {
    const now = this.#options.clock.now();
    const lost = this.list().filter(
      (one) => one.status === 'claimed' && one.leaseUntil !== null && one.leaseUntil < now,
    );
    for (const one of lost)
      if (!this.#changing.has(one.id))
        await this.#change(one, this.#returned(one, 'lease_expired'));
  }

  #held(id: string, staff: Staff): EscalationRecord {
    const escalation = this.require(id);
    if (escalation.status === 'claimed' && escalation.holder === staff.name) return escalation;
    const free = escalation.status === 'waiting';
    throw new InputError(free ? 'DESK_LEASE_LOST' : 'DESK_NOT_HOLDER', {
      detail: `escalation ${id} is ${escalation.status} and not held by ${staff.name}; claim it first`,
    });
  }

  #leaseUntil(): number {
    return this.#options.clock.now() + this.#options.leaseMs;
  }

  #returned(escalation: EscalationRecord, why: 'released' | 'lease_expired'): NewEvent {
    return {
      type: 'escalation.returned',
      subject: escalation.sessionId,
      data: { escalationId: escalation.id, account: escalation.holder ?? '', why },
    };
  }

  #resolved(
    escalation: EscalationRecord,
    account: string | null,
    outcome: Outcome,
    note: string,
  ): NewEvent<'escalation.resolved'> {
    return {
      type: 'escalation.resolved',
      subject: escalation.sessionId,
      data: { escalationId: escalation.id, account, outcome, note },
    };
  }

  #message(escalation: EscalationRecord, message: ChatMessage): NewEvent<'message.sent'> {
    return {
      type: 'message.sent',
      subject: escalation.sessionId,
      data: { sessionId: escalation.sessionId, escalationId: escalation.id, message },
    };
  }

  async #change(escalation: EscalationRecord, event: NewEvent): Promise<EscalationRecord> {
    this.#changing.add(escalation.id);
    try {
      await this.#options.ledger.commit([event]);
    } finally {
      this.#changing.delete(escalation.id);
    }
    return this.require(escalation.id);
  }
}
