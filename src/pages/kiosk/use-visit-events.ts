import { useEffect, useRef } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';
import type { OpenedVisit, VisitFrames } from '../../domain/views.ts';
import { followEvents } from '../kit/follow-events.ts';
import type { EventFrame } from '../kit/parse-event-frames.ts';
import { fetchVisit, visitEventsPath } from './visit-api.ts';
import type { VisitAction } from './visit-state.ts';

function toAction(frame: EventFrame): VisitAction | 'ended' | null {
  if (frame.event === 'ended') return 'ended';
  if (frame.event === 'message') {
    return { type: 'message', message: JSON.parse(frame.data) as VisitFrames['message'] };
  }
  if (frame.event === 'escalation') {
    return { type: 'escalation', escalation: JSON.parse(frame.data) as VisitFrames['escalation'] };
  }
  return null;
}

/** Follows what the server has to say about an open visit. */
export function useVisitEvents(
  visit: OpenedVisit | null,
  language: Language,
  dispatch: (action: VisitAction) => void,
  onEnded: () => void,
): void {
  const heard = useRef({ onEnded, language });
  heard.current = { onEnded, language };
  useEffect(() => {
    if (!visit) return;
    const stop = new AbortController();
    void followEvents({
      url: visitEventsPath(visit),
      caller: { language: heard.current.language, token: visit.token },
      signal: stop.signal,
      onReconnected: () => {
        void fetchVisit(visit, heard.current.language).then((answer) => {
          if (answer.kind === 'done') dispatch({ type: 'caught_up', view: answer.value });
        });
      },
      onFrame: (frame) => {
        const action = toAction(frame);
        if (action === 'ended') heard.current.onEnded();
        else if (action) dispatch(action);
      },
    });
    return () => stop.abort();
  }, [visit, dispatch]);
}
