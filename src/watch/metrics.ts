import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Mode } from '../domain/health.ts';
import type { Receipt } from '../domain/session.ts';

/** Where gauges read their value at the moment they are asked. */
export type MetricSources = {
  readonly mode: () => Mode;
  readonly openVisits: () => number;
  readonly waitingEscalations: () => number;
  readonly ledger: () => { readonly bytes: number; readonly readOnly: boolean };
  /** Per lane: events that headquarters has not acknowledged. */
  readonly lag: () => Readonly<Record<string, number>>;
  readonly hqReachable: () => boolean;
};

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const MODES: readonly Mode[] = ['local', 'cloud', 'fallback'];

/** What Prometheus reads. Names and units follow its conventions. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #sources: MetricSources;
  readonly #turns: Counter<'route' | 'engine'>;
  readonly #stages: Histogram<'stage'>;

  constructor(sources: MetricSources) {
    this.#sources = sources;
    const registers = [this.#registry];
    this.#turns = new Counter({
      name: 'zhanggui_turns_total',
      help: 'Turns by how they were dealt with and who understood them',
      labelNames: ['route', 'engine'],
      registers,
    });
    this.#stages = new Histogram({
      name: 'zhanggui_turn_stage_duration_seconds',
      help: 'Time spent in each stage of a turn; stage="total" is the whole',
      labelNames: ['stage'],
      buckets: SECONDS,
      registers,
    });
  }

  /** Registers the gauges; nothing is sampled before. */
  start(): void {
    collectDefaultMetrics({ register: this.#registry });
    const { mode, openVisits, waitingEscalations, ledger, lag, hqReachable } = this.#sources;
    const is = (truth: boolean) => (truth ? 1 : 0);
    const modes = this.#gauge(
      'zhanggui_mode',
      'Which engine answers; 1 for the present mode',
      'mode',
    );
    modes(() => Object.fromEntries(MODES.map((one) => [one, is(mode() === one)])));
    this.#gauge('zhanggui_open_visits', 'Visits that have not ended')(() => ({ '': openVisits() }));
    this.#gauge(
      'zhanggui_waiting_escalations',
      'Customers who wait for a person',
    )(() => ({
      '': waitingEscalations(),
    }));
    this.#gauge('zhanggui_ledger_bytes', 'Size of the ledger')(() => ({ '': ledger().bytes }));
    this.#gauge(
      'zhanggui_ledger_read_only',
      '1 while nothing can be stored',
    )(() => ({
      '': is(ledger().readOnly),
    }));
    this.#gauge('zhanggui_sync_lag_events', 'Events not acknowledged by HQ', 'lane')(lag);
    this.#gauge(
      'zhanggui_hq_reachable',
      '1 while headquarters answers',
    )(() => ({
      '': is(hqReachable()),
    }));
  }

  note(receipt: Receipt): void {
    this.#turns.inc({ route: receipt.route, engine: receipt.engine });
    for (const [stage, ms] of Object.entries(receipt.stagesMs))
      this.#stages.observe({ stage }, ms / 1000);
  }

  /** The exposition text with its content type. */
  async expose(): Promise<{ readonly type: string; readonly text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #gauge(name: string, help: string, label?: string) {
    return (read: () => Readonly<Record<string, number>>): void => {
      new Gauge({
        name,
        help,
        labelNames: label === undefined ? [] : [label],
        registers: [this.#registry],
        collect() {
          for (const [key, value] of Object.entries(read()))
            this.set(label === undefined ? {} : { [label]: key }, value);
        },
      });
    };
  }
}
