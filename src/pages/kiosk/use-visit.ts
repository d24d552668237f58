import { useEffect, useReducer, useState } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';
import { useVisitEvents } from './use-visit-events.ts';
import { VisitSession } from './visit-session.ts';
import { NEW_VISIT, reduceVisit, type VisitState } from './visit-state.ts';

const AWAY_RETRY_MS = 3000;

/** Runs one visit: its state, its requests, its event stream and its retries. */
export function useVisit(
  language: Language,
  onEnded: () => void,
): { readonly state: VisitState; readonly session: VisitSession } {
  const [state, dispatch] = useReducer(reduceVisit, NEW_VISIT);
  const [session] = useState(() => new VisitSession(language, dispatch));
  session.speak(language);
  useVisitEvents(state.visit, language, dispatch, onEnded);
  useEffect(() => {
    if (!state.away) return;
    const timer = setInterval(() => session.reconnect(), AWAY_RETRY_MS);
    return () => clearInterval(timer);
  }, [state.away, session]);
  return { state, session };
}
