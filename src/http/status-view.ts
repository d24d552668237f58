import type { Health, Incident, Mode, ProbeState } from '../domain/health.ts';
import type { LaneView, StatusView } from '../domain/views.ts';

/** Where the status is read at the moment it is asked. */
export type StatusSources = {
  readonly version: string;
  readonly startedAt: number;
  readonly mode: () => Mode;
  readonly health: () => Health;
  readonly probes: () => readonly ProbeState[];
  readonly incidents: () => readonly Incident[];
  readonly lanes: () => readonly LaneView[];
  readonly headquarters: () => StatusView['headquarters'];
  readonly today: () => StatusView['today'];
};

/** How the box is, for the staff page. */
export function statusView(from: StatusSources): StatusView {
  return {
    mode: from.mode(),
    health: from.health(),
    version: from.version,
    startedAt: from.startedAt,
    probes: from.probes(),
    incidents: from.incidents(),
    lanes: from.lanes().map(({ lane, committed, acknowledged }) => ({
      lane,
      committed,
      acknowledged,
    })),
    headquarters: from.headquarters(),
    today: from.today(),
  };
}
