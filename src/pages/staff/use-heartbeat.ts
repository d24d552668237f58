import { useEffect } from 'preact/hooks';
import type { EscalationView } from '../../domain/views.ts';
import type { DeskAction } from './desk-state.ts';
import type { StaffApi } from './staff-api.ts';

const EVERY_MS = 10_000;

/** Keeps the leases of everything this person holds, whatever is open on the screen. */
export function useHeartbeat(
  held: readonly string[],
  api: StaffApi,
  dispatch: (action: DeskAction) => void,
): void {
  const ids = held.join(' ');
  useEffect(() => {
    if (ids === '') return;
    const beat = async (id: string): Promise<void> => {
      const answer = await api.heartbeat(id);
      if (answer.kind === 'done') return dispatch({ type: 'escalation', value: answer.value });
      if (answer.kind === 'away') return;
      // The lease is gone: show who has the customer now.
      const detail = await api.escalation(id);
      if (detail.kind === 'done') dispatch({ type: 'escalation', value: detail.value.escalation });
    };
    const timer = setInterval(() => {
      for (const id of ids.split(' ')) void beat(id);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [ids, api, dispatch]);
}

/** Picks what this person holds. */
export const heldBy = (rows: readonly EscalationView[] | null, name: string): readonly string[] =>
  (rows ?? [])
    .filter((row) => row.status === 'claimed' && row.holder === name)
    .map((row) => row.id);
