import type { NewEvent } from '../domain/events.ts';
import type { Health, Mode } from '../domain/health.ts';
import type { Part } from '../domain/part.ts';
import type { Clock, Ledger, Log, ModeSource } from '../domain/ports.ts';
import {
  dueTrials,
  initialModeState,
  type ModeInput,
  type ModeReadings,
  type ModeSettings,
  type ModeState,
  step,
  type TriedEngine,
} from './mode-machine.ts';
import { RecentLatencies } from './recent-latencies.ts';

/** What `ModeKeeper` needs. */
export type ModeKeeperOptions = {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: ModeSettings;
  /** Cheap: called on every turn. */
  readonly readings: () => ModeReadings;
  /** Asks an engine a synthetic question; resolves when the answer was right, rejects otherwise. */
  readonly tryEngine: (engine: TriedEngine, signal: AbortSignal) => Promise<void>;
  readonly health: () => Health;
  /** How often readings are looked at and trials are begun when no customer asks. */
  readonly intervalMs: number;
};

/** One change of the mode; `at` is wall time in ms. */
export type ModeChange = {
  readonly at: number;
  readonly from: Mode;
  readonly to: Mode;
  readonly why: string;
};

const MAX_HISTORY = 50;

/** Keeps the mode: hears how answers went, makes trials, records every change. */
export class ModeKeeper implements ModeSource, Part {
  readonly name = 'mode-keeper';
  readonly vital = true;
  readonly #options: ModeKeeperOptions;
  readonly #stopping = new AbortController();
  readonly #onTrial = new Set<TriedEngine>();
  readonly #localLatencies = new RecentLatencies();
  readonly #history: ModeChange[] = [];
  #uncommitted: NewEvent[] = [];
  #isCommitting = false;
  #state: ModeState;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: ModeKeeperOptions) {
    this.#options = options;
    this.#state = initialModeState(options.clock.tick());
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#loop = this.#run(AbortSignal.any([signal, this.#stopping.signal]));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  mode(): Mode {
    this.watchOnce();
    return this.#state.mode;
  }

  health(): Health {
    return this.#options.health();
  }

  budgetMs(): number {
    const { local, cloud } = this.#options.settings;
    return this.#state.mode === 'cloud' ? cloud.budgetMs : local.budgetMs;
  }

  report(engine: TriedEngine, outcome: { readonly ok: boolean; readonly ms: number }): void {
    if (engine === 'local' && outcome.ok) this.#localLatencies.record(outcome.ms);
    this.#take({ type: 'answer', engine, ...outcome, tick: this.#options.clock.tick() });
  }

  /** The 95th percentile of the last answers of the engine on the box; null before the first. */
  localP95Ms(): number | null {
    return this.#localLatencies.percentileMs(0.95);
  }

  /** The last changes of the mode, oldest first. */
  modeHistory(): readonly ModeChange[] {
    return this.#history;
  }

  /** Looks at the readings now, as the loop does again and again. */
  watchOnce(): void {
    this.#take({
      type: 'readings',
      ...this.#options.readings(),
      tick: this.#options.clock.tick(),
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.watchOnce();
      for (const engine of dueTrials(this.#state, this.#options.clock.tick())) {
        if (!this.#onTrial.has(engine)) this.#beginTrial(engine, signal);
      }
      this.#record();
      await this.#options.clock.sleep(this.#options.intervalMs, signal).catch(() => undefined);
    }
  }

  #take(input: ModeInput): void {
    const before = this.#state;
    this.#state = step(before, input, this.#options.settings);
    if (this.#state.mode === before.mode) return;
    const change = { from: before.mode, to: this.#state.mode, why: this.#state.why };
    this.#history.push({ at: this.#options.clock.now(), ...change });
    this.#history.splice(0, this.#history.length - MAX_HISTORY);
    this.#options.log.warn('mode changed', change);
    this.#uncommitted.push({ type: 'mode.changed', data: change, subject: null });
    this.#uncommitted = this.#uncommitted.slice(-MAX_HISTORY);
    this.#record();
  }

  /** In the background, so that the loop goes on while an engine hangs. */
  #beginTrial(engine: TriedEngine, signal: AbortSignal): void {
    this.#onTrial.add(engine);
    this.#trial(engine, signal)
      .catch((error: unknown) => {
        this.#options.log.error('trial went wrong', { engine, error: String(error) });
      })
      .finally(() => this.#onTrial.delete(engine));
  }

  async #trial(engine: TriedEngine, signal: AbortSignal): Promise<void> {
    const { clock, tryEngine, settings } = this.#options;
    const startTick = clock.tick();
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    // An answer after the budget is a bad trial anyway: there is no need to wait for it.
    const tooLate = clock.sleep(settings[engine].budgetMs + 1, either).then(() => false);
    const ok = await Promise.race([
      Promise.resolve()
        .then(() => tryEngine(engine, either))
        .then(() => true),
      tooLate,
    ]).catch(() => false);
    over.abort();
    if (signal.aborted) return;
    const tick = clock.tick();
    this.#take({ type: 'trial', engine, ok, ms: tick - startTick, tick });
  }

  /** Commits what has not been: a change is heard of late rather than never, and nobody waits for it. */
  #record(): void {
    if (this.#isCommitting || this.#uncommitted.length === 0) return;
    const events = this.#uncommitted;
    this.#isCommitting = true;
    this.#uncommitted = [];
    this.#options.ledger.commit(events).then(
      () => {
        this.#isCommitting = false;
        this.#record();
      },
      () => {
        // The loop tries again.
        this.#isCommitting = false;
        this.#uncommitted = [...events, ...this.#uncommitted].slice(-MAX_HISTORY);
      },
    );
  }
}
