import { z } from 'zod';
import type { CommittedEvent } from '../domain/events.ts';
import type { Incident } from '../domain/health.ts';
import type { Projection } from '../domain/ports.ts';

/** Incidents, oldest first. */
export type IncidentsState = { incidents: Incident[] };

const MAX_KEPT = 200;

const stateSchema: z.ZodType<IncidentsState> = z.object({
  incidents: z.array(
    z.object({
      id: z.string(),
      probe: z.string(),
      title: z.object({ zh: z.string(), en: z.string() }),
      openedAt: z.number(),
      closedAt: z.number().nullable(),
    }),
  ),
});

/** Drops the oldest that are over; an open one is never dropped. */
function trim(incidents: readonly Incident[]): Incident[] {
  let excess = incidents.length - MAX_KEPT;
  return incidents.filter(({ closedAt }) => closedAt === null || excess-- <= 0);
}

function apply(state: IncidentsState, event: CommittedEvent): void {
  if (event.type === 'incident.opened') {
    const { incidentId, probe, title } = event.data;
    state.incidents.push({ id: incidentId, probe, title, openedAt: event.at, closedAt: null });
    state.incidents = trim(state.incidents);
  } else if (event.type === 'incident.closed') {
    const { incidentId } = event.data;
    const incident = state.incidents.find(({ id }) => id === incidentId);
    if (incident) incident.closedAt = event.at;
  }
}

/** Folds incident events into the list that staff sees. */
export const incidentsProjection: Projection<IncidentsState> = {
  name: 'incidents',
  version: 1,
  initial: () => ({ incidents: [] }),
  apply,
  parse: (stored) => stateSchema.parse(stored),
};
