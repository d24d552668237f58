import type { JSX } from 'preact';
import type { StatusView } from '../../domain/views.ts';
import { formatCount, formatMoment } from '../kit/format.ts';
import type { Speech } from './strings.ts';

/** How far each lane has come on its way to headquarters. */
export function LaneTable(props: Speech & { readonly status: StatusView }): JSX.Element {
  const { strings, language } = props;
  const { headquarters, lanes } = props.status;
  const link = headquarters.reachable ? strings.hqUp : strings.hqDown;
  return (
    <>
      <p class="soft">
        {strings.headquarters}: {headquarters.configured ? link : strings.hqOff} ·{' '}
        {strings.lastReceipt}:{' '}
        {headquarters.lastReceiptAt === null
          ? strings.never
          : formatMoment(headquarters.lastReceiptAt, language)}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{strings.lane}</th>
            <th scope="col" class="number">
              {strings.committed}
            </th>
            <th scope="col" class="number">
              {strings.acknowledged}
            </th>
            <th scope="col" class="number">
              {strings.behind}
            </th>
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <tr key={lane.lane}>
              <th scope="row">{strings.laneNames[lane.lane]}</th>
              <td class="number">{formatCount(lane.committed, language)}</td>
              <td class="number">{formatCount(lane.acknowledged, language)}</td>
              <td class="number">{formatCount(lane.committed - lane.acknowledged, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
