import type { JSX } from 'preact';
import type { EscalationView, StaffView } from '../../domain/views.ts';
import { Loading } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import { useNow } from '../kit/use-now.ts';
import { QueueRow } from './queue-row.tsx';
import type { Speech } from './strings.ts';

const RANK = { urgent: 0, high: 1, normal: 2, low: 3 } as const;
const FINISHED_SHOWN = 5;

const byNeed = (a: EscalationView, b: EscalationView): number =>
  RANK[a.priority] - RANK[b.priority] || a.openedAt - b.openedAt;

/** Everybody who waits, by need; then who is being served; then what was just finished. */
export function QueueList(
  props: Speech & {
    readonly me: StaffView;
    readonly rows: readonly EscalationView[] | null;
    readonly openId: string | null;
    readonly onOpen: (id: string) => void;
  },
): JSX.Element {
  const { rows, strings, me } = props;
  const now = useNow(1000);
  if (rows === null) {
    return (
      <section class="pane pane-list">
        <Loading label={strings.loading} />
      </section>
    );
  }
  const claimed = rows.filter((row) => row.status === 'claimed');
  const groups = [
    {
      title: strings.queueMine,
      rows: claimed.filter((row) => row.holder === me.name).sort(byNeed),
    },
    {
      title: strings.queueWaiting,
      rows: rows.filter((row) => row.status === 'waiting').sort(byNeed),
    },
    {
      title: strings.queueOthers,
      rows: claimed.filter((row) => row.holder !== me.name).sort(byNeed),
    },
    {
      title: strings.queueDone,
      rows: rows
        .filter((row) => row.status === 'resolved')
        .sort((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0))
        .slice(0, FINISHED_SHOWN),
    },
  ].filter((group) => group.rows.length > 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus (WCAG 2.1.1)
    <section class="pane pane-list" aria-label={strings.queue} tabIndex={0}>
      {!rows.some((row) => row.status !== 'resolved') && (
        <Notice icon="done" title={strings.queueEmpty} text={strings.queueEmptyText} />
      )}
      {groups.map((group) => (
        <div key={group.title} class="queue-group">
          <h2>
            {group.title} <span class="count">{group.rows.length}</span>
          </h2>
          <ul>
            {group.rows.map((row) => (
              <QueueRow
                key={row.id}
                row={row}
                now={now}
                language={props.language}
                strings={strings}
                isOpen={row.id === props.openId}
                onOpen={() => props.onOpen(row.id)}
              />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
