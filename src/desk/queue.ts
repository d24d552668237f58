import type { Escalation } from '../domain/desk.ts';
import type { Urgency } from '../domain/pack.ts';

const RANK: Readonly<Record<Urgency, number>> = { urgent: 0, high: 1, normal: 2, low: 3 };
const STATUS_RANK: Readonly<Record<Escalation['status'], number>> = {
  waiting: 0,
  claimed: 1,
  resolved: 2,
};

/** Orders the queue: waiting before claimed before resolved, then by priority, then who came first. */
export function queueOrder(a: Escalation, b: Escalation): number {
  return (
    STATUS_RANK[a.status] - STATUS_RANK[b.status] ||
    RANK[a.priority] - RANK[b.priority] ||
    (a.status === 'resolved' ? b.openedAt - a.openedAt : a.openedAt - b.openedAt)
  );
}

/**
 * Estimates a wait from the last ones: their median for the next in line, and in proportion behind.
 *
 * @param waitsMs the last waits from opening to claim
 * @param position 1 = next
 * @returns whole seconds; null with fewer than three waits to go by
 */
export function estimateWait(waitsMs: readonly number[], position: number): number | null {
  if (waitsMs.length < 3) return null;
  const sorted = [...waitsMs].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return Math.max(1, Math.round((median * position) / 1000));
}
