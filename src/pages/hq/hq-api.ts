import type { Language } from '../../domain/language.ts';
import type { FleetEvent, FleetRow } from '../../domain/views.ts';
import { type Answer, request } from '../kit/api-client.ts';

/** A page of received events; `next` is where to go on. */
export type EventPage = { readonly events: readonly FleetEvent[]; readonly next: number };

/** Opens the page with the access key. */
export const signIn = (language: Language, key: string): Promise<Answer<null>> =>
  request({ language }, '/api/sign-in', { body: { key } });

/** Lists every appliance that ever enrolled. */
export const fetchFleet = (language: Language): Promise<Answer<readonly FleetRow[]>> =>
  request({ language }, '/api/fleet');

/** Lists what one appliance sent, from after a place on. */
export const fetchEvents = (
  language: Language,
  appliance: string,
  after: number,
): Promise<Answer<EventPage>> =>
  request({ language }, `/api/fleet/${encodeURIComponent(appliance)}/events?after=${after}`);
