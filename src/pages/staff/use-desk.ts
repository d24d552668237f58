import { useEffect, useReducer, useRef } from 'preact/hooks';
import type { DeskFrames } from '../../domain/views.ts';
import { type DeskAction, type DeskState, NEW_DESK, reduceDesk } from './desk-state.ts';
import type { StaffApi } from './staff-api.ts';

const FRAMES: readonly (keyof DeskFrames)[] = [
  'escalations',
  'escalation',
  'turn',
  'message',
  'ticket',
  'status',
];
const RECONNECT_MS = 3000;

/** Opens the live stream and keeps it open; EventSource gives up on a refusal, we do not. */
function followDesk(dispatch: (action: DeskAction) => void, onGap: () => void): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasAway = false;
  const connect = (): void => {
    const opened = new EventSource('/api/v1/desk/events');
    source = opened;
    opened.onopen = () => {
      dispatch({ type: 'live', value: true });
      if (wasAway) onGap();
      wasAway = false;
    };
    opened.onerror = () => {
      wasAway = true;
      dispatch({ type: 'live', value: false });
      if (opened.readyState === EventSource.CLOSED) timer = setTimeout(connect, RECONNECT_MS);
    };
    for (const type of FRAMES) {
      opened.addEventListener(type, (event) =>
        // The server's own frames: their shape is the contract's, see api-client.
        dispatch({ type, value: JSON.parse(event.data) } as DeskAction),
      );
    }
  };
  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/** Keeps the desk's state up to date: loads it once, follows it live, loads again after a gap. */
export function useDesk(
  api: StaffApi,
  onSignedOut: () => void,
): { readonly state: DeskState; readonly dispatch: (action: DeskAction) => void } {
  const [state, dispatch] = useReducer(reduceDesk, NEW_DESK);
  const openId = useRef<string | null>(null);
  openId.current = state.detail?.escalation.id ?? null;
  // One stream for as long as somebody is signed in.
  useEffect(() => {
    const load = async (): Promise<void> => {
      const [me, escalations, tickets, status] = await Promise.all([
        api.me(),
        api.escalations(),
        api.tickets(),
        api.status(),
      ]);
      if (me.kind === 'refused') return onSignedOut();
      if (escalations.kind === 'done') dispatch({ type: 'escalations', value: escalations.value });
      if (tickets.kind === 'done') dispatch({ type: 'tickets', value: tickets.value });
      if (status.kind === 'done') dispatch({ type: 'status', value: status.value });
    };
    const reload = async (): Promise<void> => {
      await load();
      const id = openId.current;
      const detail = id === null ? null : await api.escalation(id);
      if (detail?.kind === 'done' && id === openId.current) {
        dispatch({ type: 'detail', value: detail.value });
      }
    };
    void load();
    return followDesk(dispatch, () => void reload());
  }, []);
  return { state, dispatch };
}
