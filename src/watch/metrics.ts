import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CommittedEvent, Lane } from '../domain/events.ts';
import type { Health, Mode, ProbeState } from '../domain/health.ts';
import type { Receipt } from '../domain/session.ts';

/** Where the gauges look when they are scraped. */
export type MetricSources = {
  readonly version: string;
  readonly mode: () => Mode;
  readonly probes: () => readonly ProbeState[];
  /** 99th percentile of the event loop's delay; null when unknown. */
  readonly eventLoopLagMs: () => number | null;
  /** Duration of the last durable write; null before the first. */
  readonly ledgerSyncMs: () => number | null;
  /** Events committed and not yet acknowledged by headquarters. */
  readonly laneLag: () => Readonly<Record<Lane, number>>;
};

const MODES: readonly Mode[] = ['local', 'cloud', 'fallback'];
const HEALTH_NUMBERS: Readonly<Record<Health, number>> = {
  unknown: -1,
  ok: 0,
  degraded: 1,
  failing: 2,
};
// From a quarter of a millisecond, where a stage begins to matter, to the second that no turn may take.
const DURATION_BUCKETS_SECONDS = [
  0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
];

/** Sets a gauge from milliseconds; NaN, as Prometheus wants it, when there is no reading. */
function setSeconds(gauge: Gauge, ms: number | null): void {
  gauge.set(ms === null ? Number.NaN : ms / 1000);
}

/** Counts and measures for Prometheus: durations in seconds, sizes in bytes, no customer's words. */
export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #registry = new Registry();
  readonly #turnDuration = new Histogram({
    name: 'zhanggui_turn_duration_seconds',
    help: 'Time of a turn by stage; stage="total" is the whole turn on the box',
    labelNames: ['stage', 'route'],
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [this.#registry],
  });
  readonly #turns = new Counter({
    name: 'zhanggui_turns_total',
    help: 'Turns by how they were dealt with, by whom, and whether they could be kept',
    labelNames: ['route', 'engine', 'recorded'],
    registers: [this.#registry],
  });
  readonly #visits = new Counter({
    name: 'zhanggui_visits_total',
    help: 'Visits that began',
    labelNames: ['channel'],
    registers: [this.#registry],
  });
  readonly #escalations = new Counter({
    name: 'zhanggui_escalations_total',
    help: 'Conversations that a person was asked for',
    labelNames: ['reason'],
    registers: [this.#registry],
  });
  readonly #tickets = new Counter({
    name: 'zhanggui_tickets_total',
    help: 'Tickets opened',
    labelNames: ['category'],
    registers: [this.#registry],
  });
  readonly #incidents = new Counter({
    name: 'zhanggui_incidents_total',
    help: 'Incidents opened',
    labelNames: ['probe'],
    registers: [this.#registry],
  });

  constructor(sources: MetricSources) {
    for (const gauge of gaugesOf(sources)) this.#registry.registerMetric(gauge);
  }

  /** Counts a committed event; give it every one. Turns are counted by `observeTurn`. */
  observe(event: CommittedEvent): void {
    if (event.type === 'session.opened') this.#visits.inc({ channel: event.data.channel });
    if (event.type === 'escalation.opened') this.#escalations.inc({ reason: event.data.reason });
    if (event.type === 'ticket.opened') this.#tickets.inc({ category: event.data.ticket.category });
    if (event.type === 'incident.opened') this.#incidents.inc({ probe: event.data.probe });
  }

  /** Counts a turn once its reply may leave, when all its stages are known, recorded or not. */
  observeTurn(receipt: Receipt): void {
    const { route, engine, recorded, stagesMs } = receipt;
    this.#turns.inc({ route, engine, recorded: String(recorded) });
    for (const [stage, ms] of Object.entries(stagesMs)) {
      this.#turnDuration.observe({ stage, route }, ms / 1000);
    }
  }

  /** Everything in the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

function gaugesOf(sources: MetricSources): Gauge[] {
  const gauge = (name: string, help: string, labelNames: string[], collect: (to: Gauge) => void) =>
    new Gauge({
      name: `zhanggui_${name}`,
      help,
      labelNames,
      registers: [],
      collect() {
        collect(this);
      },
    });
  return [
    gauge('build_info', 'The running version', ['version'], (to) =>
      to.set({ version: sources.version }, 1),
    ),
    gauge('mode', 'Which engine may answer: 1 for the mode that holds', ['mode'], (to) => {
      for (const mode of MODES) to.set({ mode }, mode === sources.mode() ? 1 : 0);
    }),
    gauge(
      'probe_health',
      'Judgement of a probe: 0 ok, 1 degraded, 2 failing, -1 unknown',
      ['probe'],
      (to) => {
        for (const { name, health } of sources.probes())
          to.set({ probe: name }, HEALTH_NUMBERS[health]);
      },
    ),
    gauge('event_loop_lag_seconds', '99th percentile of the event-loop delay', [], (to) =>
      setSeconds(to, sources.eventLoopLagMs()),
    ),
    gauge('resident_memory_bytes', 'Resident memory of the process', [], (to) =>
      to.set(process.memoryUsage.rss()),
    ),
    gauge('heap_used_bytes', 'JavaScript heap in use', [], (to) =>
      to.set(process.memoryUsage().heapUsed),
    ),
    gauge('ledger_sync_seconds', 'Duration of the last durable write', [], (to) =>
      setSeconds(to, sources.ledgerSyncMs()),
    ),
    gauge(
      'lane_lag_events',
      'Events that headquarters has not acknowledged yet',
      ['lane'],
      (to) => {
        for (const [lane, lag] of Object.entries(sources.laneLag())) to.set({ lane }, lag);
      },
    ),
  ];
}
