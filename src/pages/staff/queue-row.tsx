import type { JSX } from 'preact';
import type { EscalationView } from '../../domain/views.ts';
import { formatDuration, formatMoment } from '../kit/format.ts';
import { languageTag } from '../kit/page-language.ts';
import type { Speech } from './strings.ts';

function standing(row: EscalationView, now: number, { strings, language }: Speech): string {
  if (row.status === 'waiting') {
    return strings.waited(formatDuration(now - row.openedAt, language));
  }
  if (row.status === 'claimed') return strings.held(row.holderName ?? row.holder ?? '');
  const outcome = row.outcome ? strings.outcomes[row.outcome] : '';
  return `${outcome} · ${formatMoment(row.resolvedAt ?? row.openedAt, language)}`;
}

/** One customer in the queue: what they asked, why a person is needed, how long they have waited. */
export function QueueRow(
  props: Speech & {
    readonly row: EscalationView;
    readonly now: number;
    readonly isOpen: boolean;
    readonly onOpen: () => void;
  },
): JSX.Element {
  const { row, strings, language } = props;
  return (
    <li>
      <button
        type="button"
        class={`queue-row priority-${row.priority}`}
        aria-current={props.isOpen}
        onClick={props.onOpen}
      >
        <span class="queue-summary" lang={languageTag(row.language)}>
          {row.summary}
        </span>
        <span class="queue-tags">
          {row.priority !== 'normal' && (
            <span class={`tag tag-${row.priority}`}>{strings.priorities[row.priority]}</span>
          )}
          <span class="tag">{strings.reasons[row.reason]}</span>
          <span class="tag">{strings.languages[row.language]}</span>
          {row.skillTitle && <span class="tag">{row.skillTitle[language]}</span>}
        </span>
        <span class="queue-wait">{standing(row, props.now, props)}</span>
      </button>
    </li>
  );
}
