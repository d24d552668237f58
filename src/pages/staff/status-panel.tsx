import type { JSX } from 'preact';
import type { StatusView } from '../../domain/views.ts';
import { formatCount, formatDuration, formatMoment } from '../kit/format.ts';
import { Loading } from '../kit/loading.tsx';
import { useNow } from '../kit/use-now.ts';
import { LaneTable } from './lane-table.tsx';
import { ProbeList } from './probe-list.tsx';
import type { Speech } from './strings.ts';

type Shown = Speech & { readonly status: StatusView };

function TodayFigures(props: Shown): JSX.Element {
  const { strings, language } = props;
  const { today } = props.status;
  const ms = (value: number | null): string => (value === null ? '—' : `${value.toFixed(1)} ms`);
  const figures: readonly (readonly [string, string])[] = [
    [strings.visits, formatCount(today.visits, language)],
    [strings.turns, formatCount(today.turns, language)],
    [strings.answered, formatCount(today.answered, language)],
    [strings.escalated, formatCount(today.escalated, language)],
    [strings.p50, ms(today.turnP50Ms)],
    [strings.p99, ms(today.turnP99Ms)],
  ];
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Incidents(props: Shown): JSX.Element {
  const { strings, language, status } = props;
  const now = useNow(1000);
  if (status.incidents.length === 0) return <p class="soft">{strings.noIncidents}</p>;
  return (
    <ul class="incidents">
      {status.incidents.map((incident) => (
        <li key={incident.id}>
          <span class={incident.closedAt === null ? 'tag tag-urgent' : 'tag status-done'}>
            {incident.closedAt === null
              ? strings.ongoing
              : strings.lasted(formatDuration(incident.closedAt - incident.openedAt, language))}
          </span>
          <strong>{incident.title[language]}</strong>
          <span class="soft">
            {formatMoment(incident.openedAt, language)}
            {incident.closedAt === null &&
              ` · ${formatDuration(now - incident.openedAt, language)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** How the box is: mode, today's figures, probes, the way to headquarters, incidents. */
export function StatusPanel(props: Speech & { readonly status: StatusView | null }): JSX.Element {
  const { status, strings, language } = props;
  if (status === null) {
    return (
      <main class="sheet">
        <Loading label={strings.loading} />
      </main>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus (WCAG 2.1.1)
    <main class="sheet" tabIndex={0}>
      <header class="sheet-head">
        <h1>{strings.status}</h1>
        <p class={`pill health-${status.health}`}>
          {strings.modes[status.mode]} · {strings.healths[status.health]}
        </p>
        <p class="soft">
          {strings.version} {status.version} · {strings.since}{' '}
          {formatMoment(status.startedAt, language)}
        </p>
      </header>
      <section class="card wide">
        <h2>{strings.today}</h2>
        <TodayFigures {...props} status={status} />
      </section>
      <section class="card">
        <h2>{strings.probes}</h2>
        <ProbeList probes={status.probes} language={language} strings={strings} />
      </section>
      <div class="sheet-column">
        <section class="card">
          <h2>{strings.lanes}</h2>
          <LaneTable status={status} language={language} strings={strings} />
        </section>
        <section class="card">
          <h2>{strings.incidents}</h2>
          <Incidents {...props} status={status} />
        </section>
      </div>
    </main>
  );
}
