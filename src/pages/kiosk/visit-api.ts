import type { Language } from '../../domain/language.ts';
import type {
  FormView,
  KioskView,
  OpenedVisit,
  SubmittedForm,
  TurnView,
  VisitEscalation,
  VisitView,
} from '../../domain/views.ts';
import { type Answer, type Caller, request } from '../kit/api-client.ts';
import type { Ask } from './visit-state.ts';

const visitPath = (visit: OpenedVisit): string => `/api/v1/sessions/${visit.sessionId}`;

const callerOf = (visit: OpenedVisit, language: Language): Caller => ({
  language,
  token: visit.token,
});

/** Asks what the start screen shows. */
export const fetchKiosk = (language: Language): Promise<Answer<KioskView>> =>
  request({ language }, '/api/v1/kiosk');

/** Opens a visit. */
export const openVisit = (language: Language): Promise<Answer<OpenedVisit>> =>
  request({ language }, '/api/v1/sessions', { body: { channel: 'kiosk', language } });

/** Sends one turn; the same key twice gives the same answer. */
export const sendTurn = (
  visit: OpenedVisit,
  language: Language,
  turnKey: string,
  ask: Ask,
): Promise<Answer<TurnView>> =>
  request(callerOf(visit, language), `${visitPath(visit)}/turns`, {
    body: { ...ask.body, turnKey },
  });

/** Calls a person. */
export const callPerson = (
  visit: OpenedVisit,
  language: Language,
): Promise<Answer<VisitEscalation>> =>
  request(callerOf(visit, language), `${visitPath(visit)}/person`, { body: {} });

/** Reads the visit, which also tells the server that somebody is still there. */
export const fetchVisit = (visit: OpenedVisit, language: Language): Promise<Answer<VisitView>> =>
  request(callerOf(visit, language), visitPath(visit));

/** Says whether a reply helped. */
export const sendFeedback = (
  visit: OpenedVisit,
  language: Language,
  turn: number,
  helpful: boolean,
): Promise<Answer<null>> =>
  request(callerOf(visit, language), `${visitPath(visit)}/feedback`, { body: { turn, helpful } });

/** Begins the conversation anew within the same visit. */
export const restartVisit = (visit: OpenedVisit, language: Language): Promise<Answer<null>> =>
  request(callerOf(visit, language), `${visitPath(visit)}/restart`, { body: {} });

/** Ends the visit. */
export const endVisit = (visit: OpenedVisit, language: Language): Promise<Answer<null>> =>
  request(callerOf(visit, language), visitPath(visit), { method: 'DELETE' });

/** Reads a form. */
export const fetchForm = (
  visit: OpenedVisit,
  language: Language,
  form: string,
): Promise<Answer<FormView>> =>
  request(callerOf(visit, language), `/api/v1/forms/${encodeURIComponent(form)}`);

/** Submits a form; the same submission id twice makes one ticket. */
export const submitForm = (
  visit: OpenedVisit,
  language: Language,
  form: string,
  submission: { readonly submissionId: string; readonly values: Readonly<Record<string, string>> },
): Promise<Answer<SubmittedForm>> =>
  request(callerOf(visit, language), `${visitPath(visit)}/forms/${encodeURIComponent(form)}`, {
    body: submission,
  });

/** Gives the address of the visit's event stream. */
export const visitEventsPath = (visit: OpenedVisit): string => `${visitPath(visit)}/events`;
