import { randomUUID } from 'node:crypto';
import { InternalError } from '../domain/errors.ts';
import type { NewEvent } from '../domain/events.ts';
import type { Health, Incident, ProbeState } from '../domain/health.ts';
import type { Part } from '../domain/part.ts';
import type { Clock, Ledger, Log, Projected } from '../domain/ports.ts';
import type { IncidentsState } from './incidents-projection.ts';
import { judgeLevels, levelOf, worstHealth } from './probes/judge-readings.ts';
import type { Level, Probe } from './probes/probe.ts';

/** What `ProbeBoard` needs; times in milliseconds. */
export type ProbeBoardOptions = {
  readonly probes: readonly Probe[];
  readonly ledger: Ledger;
  readonly incidents: Projected<IncidentsState>;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs: number;
  /** A reading that takes longer is unknown. */
  readonly readTimeoutMs: number;
};

/** One probe with what was seen of it. */
type Row = {
  readonly probe: Probe;
  levels: Level[];
  /** The judgement that readings were last good enough for. */
  judged: Health;
  state: ProbeState;
  /** The reading of an earlier round is still under way. */
  isHanging: boolean;
};

function thresholdOf({ limits }: Probe, health: Health): number | null {
  return health === 'failing' ? limits.fail : (limits.warn ?? limits.fail);
}

function unread(probe: Probe): Row {
  const { name, title, unit } = probe;
  const threshold = thresholdOf(probe, 'unknown');
  const state = {
    name,
    title,
    unit,
    threshold,
    health: 'unknown',
    value: null,
    readAt: 0,
  } as const;
  return { probe, levels: [], judged: 'unknown', state, isHanging: false };
}

/**
 * Reads all probes again and again, judges them, and opens and closes incidents.
 *
 * A probe that throws, hangs or gives nonsense is `unknown`; the others go on. Open incidents are
 * taken from the ledger, so that one that a crash interrupted is closed when all is well again.
 */
export class ProbeBoard implements Part {
  readonly name = 'probe-board';
  readonly vital = false;
  readonly #options: ProbeBoardOptions;
  readonly #rows: readonly Row[];
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #isCommitting = false;
  #couldCommit = true;

  constructor(options: ProbeBoardOptions) {
    this.#options = options;
    this.#rows = options.probes.map(unread);
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#loop = this.#run(AbortSignal.any([signal, this.#stopping.signal]));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  /** The last judgement of every probe. */
  states(): ProbeState[] {
    return this.#rows.map(({ state }) => state);
  }

  /** How the box is: as its worst probe. */
  health(): Health {
    return worstHealth(this.#rows.map(({ state }) => state.health));
  }

  /** Open incidents and those that ended lately, oldest first. */
  incidents(): readonly Incident[] {
    return this.#options.incidents.state.incidents;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await Promise.all(this.#rows.map((row) => this.#sample(row)));
      if (!signal.aborted) this.#recordIncidents();
      await this.#options.clock.sleep(this.#options.intervalMs, signal).catch(() => undefined);
    }
  }

  async #sample(row: Row): Promise<void> {
    const { probe } = row;
    const value = row.isHanging ? null : await this.#read(row);
    if (value !== null) {
      row.levels = [...row.levels, levelOf(value, probe)].slice(-probe.limits.of);
      row.judged = judgeLevels(row.judged, row.levels, probe.limits);
    }
    const health = value === null ? 'unknown' : row.judged;
    const threshold = thresholdOf(probe, health);
    row.state = { ...row.state, health, value, threshold, readAt: this.#options.clock.now() };
  }

  async #read(row: Row): Promise<number | null> {
    const { clock, readTimeoutMs, log } = this.#options;
    const { name, read } = row.probe;
    const inTime = new AbortController();
    const tooLate = async () => {
      await clock.sleep(readTimeoutMs, inTime.signal);
      throw new InternalError('INTERNAL_UNEXPECTED', {
        detail: `probe ${name} gave no reading in ${readTimeoutMs} ms`,
      });
    };
    try {
      row.isHanging = true;
      const reading = Promise.resolve()
        .then(read)
        .finally(() => {
          row.isHanging = false;
        });
      const value = await Promise.race([reading, tooLate()]);
      return value !== null && Number.isFinite(value) ? value : null;
    } catch (error) {
      if (row.state.value !== null || row.state.readAt === 0) {
        log.warn('probe cannot be read', { probe: name, error: String(error) });
      }
      return null;
    } finally {
      inTime.abort();
    }
  }

  /** The commit is not waited for: a ledger that hangs must not blind the probes. */
  #recordIncidents(): void {
    const changes = this.#rows.flatMap((row) => this.#incidentChange(row));
    if (changes.length === 0 || this.#isCommitting) return;
    this.#isCommitting = true;
    this.#options.ledger
      .commit(changes)
      .then(() => {
        this.#couldCommit = true;
      })
      .catch((error: unknown) => {
        // The next round tries again; the log hears of it once.
        if (this.#couldCommit)
          this.#options.log.warn('incidents cannot be stored', { error: String(error) });
        this.#couldCommit = false;
      })
      .finally(() => {
        this.#isCommitting = false;
      });
  }

  #incidentChange({ probe, state }: Row): NewEvent[] {
    const open = this.incidents().find((one) => one.probe === probe.name && one.closedAt === null);
    if (state.health === 'failing' && !open) {
      const { name, title } = probe;
      const data = { incidentId: `inc-${randomUUID()}`, probe: name, title, value: state.value };
      return [{ type: 'incident.opened', data, subject: null }];
    }
    if (state.health === 'ok' && open) {
      return [{ type: 'incident.closed', data: { incidentId: open.id }, subject: null }];
    }
    return [];
  }
}
