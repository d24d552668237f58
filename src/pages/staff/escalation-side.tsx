import type { JSX } from 'preact';
import type { EscalationDetail, StaffView } from '../../domain/views.ts';
import { formatDuration } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { languageTag } from '../kit/page-language.ts';
import { useNow } from '../kit/use-now.ts';
import type { Pane } from './pane.ts';
import type { Speech } from './strings.ts';

/** What is known about the open conversation: facts, replies ready to send, tickets. */
export function EscalationSide(
  props: Speech & {
    readonly me: StaffView;
    readonly detail: EscalationDetail;
    readonly onUse: (text: string) => void;
    readonly onPane: (pane: Pane) => void;
  },
): JSX.Element {
  const { detail, strings, language } = props;
  const { escalation } = detail;
  const now = useNow(1000);
  const until = escalation.status === 'waiting' ? now : (escalation.resolvedAt ?? now);
  const isMine = escalation.status === 'claimed' && escalation.holder === props.me.name;
  const facts: readonly (readonly [string, string])[] = [
    [strings.reason, strings.reasons[escalation.reason]],
    [strings.priority, strings.priorities[escalation.priority]],
    [strings.waiting, formatDuration(until - escalation.openedAt, language)],
    [strings.skill, escalation.skillTitle?.[language] ?? strings.anySkill],
    [strings.customerLanguage, strings.languages[escalation.language]],
    [strings.holder, escalation.holderName ?? strings.nobody],
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus (WCAG 2.1.1)
    <section class="pane pane-side" aria-label={strings.details} tabIndex={0}>
      <button type="button" class="button quiet phone-only" onClick={() => props.onPane('talk')}>
        <Icon name="back" />
        {strings.back}
      </button>
      <h2>{strings.facts}</h2>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2>{strings.suggestions}</h2>
      {detail.suggestions.length === 0 && <p class="soft">{strings.noSuggestions}</p>}
      <ul class="suggestions">
        {detail.suggestions.map((text) => (
          <li key={text}>
            <button
              type="button"
              class="suggestion"
              lang={languageTag(escalation.language)}
              disabled={!isMine}
              onClick={() => props.onUse(text)}
            >
              {text}
            </button>
          </li>
        ))}
      </ul>
      <h2>{strings.relatedTickets}</h2>
      {detail.tickets.length === 0 && <p class="soft">{strings.noTickets}</p>}
      <ul class="related">
        {detail.tickets.map((ticket) => (
          <li key={ticket.number}>
            <strong>{ticket.number}</strong> {ticket.formTitle[language]} ·{' '}
            {strings.ticketStatuses[ticket.status]}
          </li>
        ))}
      </ul>
    </section>
  );
}
