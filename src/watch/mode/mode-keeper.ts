import type { Health, Mode } from '../../domain/health.ts';
import type { Part } from '../../domain/part.ts';
import type { Clock, Ledger, Log, ModeSource } from '../../domain/ports.ts';
import { breakerLimits, type EngineOutcome } from './engine-breaker.ts';
import {
  dueTrials,
  type EngineName,
  initialModeState,
  type ModeInput,
  type ModeLimits,
  type ModeState,
  step,
} from './mode-machine.ts';

/** What keeping the mode needs. */
export type ModeKeeperOptions = {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  /** Latency budget of one turn's understanding, ms. */
  readonly budgetMs: number;
  /** Whether the engine on the box has loaded and lives. */
  readonly isLocalReady: () => boolean;
  /** Asks a synthetic question; rejects when the engine fails. Null without headquarters. */
  readonly trials: Readonly<Record<EngineName, (() => Promise<unknown>) | null>>;
  readonly health: () => Health;
};

/** One change of the mode, for the staff page. */
export type ModeChange = {
  readonly at: number;
  readonly from: Mode;
  readonly to: Mode;
  readonly why: string;
};

const STEP_MS = 500;
const KEPT_CHANGES = 50;

/** Holds the mode machine's state, feeds it, and puts every change on record. */
export class ModeKeeper implements Part, ModeSource {
  readonly name = 'mode';
  readonly vital = true;
  readonly #options: ModeKeeperOptions;
  readonly #limits: ModeLimits;
  readonly #changes: ModeChange[] = [];
  readonly #trying = new Set<EngineName>();
  #state: ModeState;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: ModeKeeperOptions) {
    this.#options = options;
    const limits = breakerLimits(options.budgetMs);
    this.#limits = { local: limits, cloud: limits };
    this.#state = initialModeState(this.#limits, options.trials.cloud !== null);
  }

  async start(): Promise<void> {
    this.#stop = new AbortController();
    this.watchOnce();
    this.#running = this.#watch(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  mode(): Mode {
    return this.#state.mode;
  }

  health(): Health {
    return this.#options.health();
  }

  budgetMs(): number {
    return this.#options.budgetMs;
  }

  /** Why the mode is what it is, in English, for the log and the page. */
  why(): string {
    return this.#state.why;
  }

  changes(): readonly ModeChange[] {
    return this.#changes;
  }

  report(engine: EngineName, outcome: EngineOutcome): void {
    this.#learn({ type: 'turn', engine, outcome });
  }

  /** Looks at the engine, lets time pass, and asks the synthetic questions that are due. */
  watchOnce(): void {
    this.#learn({ type: 'engine', ready: this.#options.isLocalReady() });
    this.#learn({ type: 'time' });
    for (const engine of dueTrials(this.#state, this.#options.clock.tick())) this.#try(engine);
  }

  #try(engine: EngineName): void {
    const ask = this.#options.trials[engine];
    if (ask === null || this.#trying.has(engine)) return;
    this.#trying.add(engine);
    const { clock } = this.#options;
    const startTick = clock.tick();
    ask()
      .then(
        () => true,
        () => false,
      )
      .then((ok) => {
        this.#trying.delete(engine);
        const outcome = { ok, ms: clock.tick() - startTick };
        this.#learn({ type: 'trial', engine, outcome });
      });
  }

  #learn(input: ModeInput): void {
    const before = this.#state;
    const { clock, ledger, log } = this.#options;
    this.#state = step(before, input, clock.tick(), this.#limits);
    const { mode, why } = this.#state;
    if (mode === before.mode) return;
    log.warn('the mode changed', { from: before.mode, to: mode, why });
    this.#changes.unshift({ at: clock.now(), from: before.mode, to: mode, why });
    this.#changes.splice(KEPT_CHANGES);
    const data = { from: before.mode, to: mode, why };
    ledger.commit([{ type: 'mode.changed', subject: null, data }]).catch((error: unknown) => {
      // A full disk must not keep the box from answering another way.
      log.error('a change of mode was not recorded', { error });
    });
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(STEP_MS, signal).catch(() => undefined);
      if (!signal.aborted) this.watchOnce();
    }
  }
}
