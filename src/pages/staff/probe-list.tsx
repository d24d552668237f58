import type { JSX } from 'preact';
import type { ProbeState } from '../../domain/health.ts';
import type { Speech } from './strings.ts';

const reading = (value: number | null, unit: string): string =>
  value === null ? '—' : `${Number(value.toPrecision(4))} ${unit}`.trim();

/** Every probe with its last reading. */
export function ProbeList(props: Speech & { readonly probes: readonly ProbeState[] }): JSX.Element {
  const { strings, language } = props;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{strings.probes}</th>
          <th scope="col">{strings.health}</th>
          <th scope="col" class="number">
            {strings.reading}
          </th>
          <th scope="col" class="number">
            {strings.threshold}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.probes.map((probe) => (
          <tr key={probe.name}>
            <th scope="row">{probe.title[language]}</th>
            <td>
              <span class={`pill health-${probe.health}`}>{strings.healths[probe.health]}</span>
            </td>
            <td class="number">{reading(probe.value, probe.unit)}</td>
            <td class="number">{reading(probe.threshold, probe.unit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
