import { z } from 'zod';
import type { Lane } from '../../domain/events.ts';
import type { FleetRow } from '../../domain/views.ts';
import type { HqEvent } from '../hq-event.ts';

const LANES = ['urgent', 'normal', 'bulk'] as const satisfies readonly Lane[];

const LaneState = z.object({
  watermark: z.int().nonnegative(),
  head: z.string().nullable(),
  duplicates: z.int().nonnegative(),
});
const Lanes = z.object({ urgent: LaneState, normal: LaneState, bulk: LaneState });
const ApplianceState = z.object({
  site: z.string(),
  enrolledAt: z.number(),
  lastSeenAt: z.number().nullable(),
  fingerprint: z.string(),
  epoch: z.int().positive(),
  /** Every epoch there ever was: its watermarks are kept for ever. */
  epochs: z.record(z.string(), Lanes),
  byType: z.record(z.string(), z.number()),
});
const Fleet = z.object({ appliances: z.record(z.string(), ApplianceState) });

/** How far one lane of one epoch is held. */
export type LaneState = z.infer<typeof LaneState>;
/** One enrolled appliance. */
export type ApplianceState = z.infer<typeof ApplianceState>;
/** What headquarters knows of its appliances, folded from its ledger. */
export type FleetState = z.infer<typeof Fleet>;

/** Folds headquarters' ledger into the fleet; `Documents.project` takes it. */
export const fleetProjection = {
  name: 'fleet',
  version: 1,
  initial: (): FleetState => ({ appliances: {} }),
  parse: (stored: unknown): FleetState => Fleet.parse(stored),
  apply(state: FleetState, event: HqEvent & { readonly at: number }): void {
    switch (event.type) {
      case 'appliance.enrolled':
        applyEnrolled(state, event.data, event.at);
        break;
      case 'event.received':
        applyReceived(state, event.data, event.at);
        break;
      case 'duplicates.ignored':
        applyDuplicates(state, event.data, event.at);
        break;
    }
  },
};

/** Finds an appliance by a name that came from outside. */
export function findAppliance(state: FleetState, appliance: string): ApplianceState | null {
  return Object.hasOwn(state.appliances, appliance) ? (state.appliances[appliance] ?? null) : null;
}

/** Reads how far a lane of an epoch is held; an epoch that sent nothing stands at 0. */
export function readLaneState(appliance: ApplianceState, epoch: number, lane: Lane): LaneState {
  return appliance.epochs[String(epoch)]?.[lane] ?? { watermark: 0, head: null, duplicates: 0 };
}

/** Lists the fleet for the operator, by name. */
export function listFleet(state: FleetState): FleetRow[] {
  return Object.entries(state.appliances)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([appliance, { site, enrolledAt, lastSeenAt, epoch, byType, ...rest }]) => ({
      appliance,
      site,
      enrolledAt,
      lastSeenAt,
      epoch,
      byType,
      lanes: LANES.map((lane) => {
        const { watermark, duplicates } = rest.epochs[String(epoch)]?.[lane] ?? emptyLane();
        return { lane, watermark, duplicates };
      }),
    }));
}

type Data<T extends HqEvent['type']> = Extract<HqEvent, { type: T }>['data'];

function applyEnrolled(state: FleetState, data: Data<'appliance.enrolled'>, at: number): void {
  const { appliance, site, epoch, fingerprint } = data;
  const known = findAppliance(state, appliance);
  if (known === null) {
    const nothing = { lastSeenAt: null, epochs: {}, byType: {} };
    state.appliances[appliance] = { site, enrolledAt: at, fingerprint, epoch, ...nothing };
    return;
  }
  Object.assign(known, { site, enrolledAt: at, fingerprint, epoch });
}

function applyReceived(state: FleetState, data: Data<'event.received'>, at: number): void {
  const appliance = findAppliance(state, data.appliance);
  if (appliance === null) return;
  const lane = openLane(appliance, data.epoch, data.lane);
  // Not the next one only when this ledger itself lost a part: the appliance sends that again first.
  if (data.laneSequence !== lane.watermark + 1) return;
  lane.watermark = data.laneSequence;
  lane.head = data.head;
  appliance.lastSeenAt = at;
  const type = data.event.type.replace(/^org\.zhanggui\.|\.v\d+$/g, '');
  appliance.byType[type] = (appliance.byType[type] ?? 0) + 1;
}

function applyDuplicates(state: FleetState, data: Data<'duplicates.ignored'>, at: number): void {
  const appliance = findAppliance(state, data.appliance);
  if (appliance === null) return;
  openLane(appliance, data.epoch, data.lane).duplicates += data.count;
  appliance.lastSeenAt = at;
}

function openLane(appliance: ApplianceState, epoch: number, lane: Lane): LaneState {
  appliance.epochs[String(epoch)] ??= {
    urgent: emptyLane(),
    normal: emptyLane(),
    bulk: emptyLane(),
  };
  const lanes = appliance.epochs[String(epoch)] as z.infer<typeof Lanes>;
  return lanes[lane];
}

function emptyLane(): LaneState {
  return { watermark: 0, head: null, duplicates: 0 };
}
