import type { JSX } from 'preact';
import type { FleetRow } from '../../domain/views.ts';
import { formatCount, formatDuration, formatMoment } from '../kit/format.ts';
import { useNow } from '../kit/use-now.ts';
import type { Speech } from './strings.ts';

/** One appliance: when it was last heard of, how far each lane has come. */
export function ApplianceCard(
  props: Speech & {
    readonly row: FleetRow;
    readonly isOpen: boolean;
    readonly onOpen: () => void;
  },
): JSX.Element {
  const { row, strings, language } = props;
  const now = useNow(1000);
  const seen =
    row.lastSeenAt === null
      ? strings.never
      : strings.ago(formatDuration(now - row.lastSeenAt, language));
  return (
    <article class={props.isOpen ? 'appliance is-open' : 'appliance'}>
      <h2>
        <button type="button" aria-pressed={props.isOpen} onClick={props.onOpen}>
          {row.site}
        </button>
      </h2>
      <p class="soft">
        {row.appliance} · {strings.epoch} {row.epoch}
      </p>
      <p class="soft">
        {strings.lastSeen} {seen} · {strings.enrolled} {formatMoment(row.enrolledAt, language)}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{strings.lane}</th>
            <th scope="col" class="number">
              {strings.watermark}
            </th>
            <th scope="col" class="number">
              {strings.duplicates}
            </th>
          </tr>
        </thead>
        <tbody>
          {row.lanes.map((lane) => (
            <tr key={lane.lane}>
              <th scope="row">{strings.laneNames[lane.lane]}</th>
              <td class="number">{formatCount(lane.watermark, language)}</td>
              <td class="number">{formatCount(lane.duplicates, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}
