import type { Health, Incident, Mode, ProbeState } from '../domain/health.ts';
import type { LaneView, StatusView } from '../domain/views.ts';
import type { DayCounts, RecentTurns } from '../watch/turn-statistics.ts';

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
  readonly today: () => DayCounts;
  readonly recent: RecentTurns;
};

/** How the box is, for the staff page. */
export function statusView(from: StatusSources): StatusView {
  const { visits, turns, answered, escalated } = from.today();
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
    today: {
      visits,
      turns,
      answered,
      escalated,
      turnP50Ms: from.recent.percentileMs(0.5),
      turnP99Ms: from.recent.percentileMs(0.99),
    },
  };
}
