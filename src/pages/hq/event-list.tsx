import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FleetEvent, FleetRow } from '../../domain/views.ts';
import { formatClock, formatCount } from '../kit/format.ts';
import { fetchEvents } from './hq-api.ts';
import type { Speech } from './strings.ts';
import { usePolling } from './use-polling.ts';

const POLL_MS = 2000;
const ROWS_SHOWN = 200;

/** What one appliance sent: counts by type, then the events, newest first. */
export function EventList(props: Speech & { readonly row: FleetRow }): JSX.Element {
  const { row, strings, language } = props;
  const [received, setReceived] = useState<{
    readonly events: readonly FleetEvent[];
    readonly next: number;
  }>({ events: [], next: 0 });

  const load = async (): Promise<void> => {
    const answer = await fetchEvents(language, row.appliance, received.next);
    if (answer.kind !== 'done' || answer.value.events.length === 0) return;
    const { events, next } = answer.value;
    setReceived((before) => ({ events: [...before.events, ...events].slice(-ROWS_SHOWN), next }));
  };
  usePolling(load, POLL_MS);

  const types = Object.entries(row.byType).sort((a, b) => b[1] - a[1]);
  const total = types.reduce((sum, [, count]) => sum + count, 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus (WCAG 2.1.1)
    <section class="events" aria-labelledby="events-title" tabIndex={0}>
      <h2 id="events-title">
        {strings.events} <span class="soft">{strings.total(formatCount(total, language))}</span>
      </h2>
      <ul class="types" aria-label={strings.byType}>
        {types.map(([type, count]) => (
          <li key={type}>
            <code>{type}</code> <strong>{formatCount(count, language)}</strong>
          </li>
        ))}
      </ul>
      {received.events.length === 0 ? (
        <p class="soft">{strings.eventsEmpty}</p>
      ) : (
        <table class="event-table">
          <thead>
            <tr>
              <th scope="col">{strings.time}</th>
              <th scope="col">{strings.type}</th>
              <th scope="col">{strings.lane}</th>
              <th scope="col" class="number">
                {strings.sequence}
              </th>
              <th scope="col">{strings.summary}</th>
            </tr>
          </thead>
          <tbody>
            {received.events.toReversed().map((event) => (
              <tr key={event.id}>
                <td>{formatClock(event.at, language)}</td>
                <td>
                  <code>{event.type}</code>
                </td>
                <td>{strings.laneNames[event.lane]}</td>
                <td class="number">{event.laneSequence}</td>
                <td class="event-summary">{event.summary}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
