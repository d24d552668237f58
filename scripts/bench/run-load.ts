import type { Clock } from '../../src/domain/ports.ts';
import { planArrivals } from './arrival-schedule.ts';
import { percentile, type Summary, summarise } from './percentiles.ts';
import { createRandom } from './seeded-random.ts';
import type { Said } from './visit-client.ts';

/** Closed: each visit asks again when it has its answer. Open: customers arrive whatever the box does. */
export type LoadShape =
  | { readonly kind: 'closed'; readonly warmUpMs: number; readonly durationMs: number }
  | {
      readonly kind: 'open';
      readonly ratePerSecond: number;
      readonly seed: number;
      readonly warmUpMs: number;
      readonly durationMs: number;
    };

/** One that asks; a visit of the box, or a test's. */
export type Asker = {
  say(text: string): Promise<Said>;
  restart(): Promise<void>;
};

/** What was seen after the warm-up. Every question is in exactly one of the counts. */
export type LoadResult = {
  readonly seconds: number;
  readonly local: number;
  /** Answered and not by the engine on the box: engine → count. */
  readonly otherEngines: Readonly<Record<string, number>>;
  /** Error code → count; `unanswered` is what was still out long after the end. */
  readonly refused: Readonly<Record<string, number>>;
  readonly unrecorded: number;
  readonly handedOver: number;
  readonly localPerSecond: number;
  /** Of every answer, from when the question was due. */
  readonly latencyMs: Summary;
  /** How late this generator itself was in asking; not the box's fault, but in the latencies. */
  readonly sentLateP99Ms: number;
};

type Asked = { readonly said: Said | null; readonly tick: number; readonly ms: number };

/** How long after the end an answer is still waited for. */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 20;
const AFTER_REFUSAL_MS = 5;

/** Puts a load on visits and counts what comes of it. */
export async function runLoad(
  shape: LoadShape,
  askers: readonly Asker[],
  texts: readonly string[],
  clock: Clock,
): Promise<LoadResult> {
  const run = new LoadRun(shape, texts, clock);
  return shape.kind === 'closed' ? run.closed(askers) : run.open(askers, shape);
}

class LoadRun {
  readonly #texts: readonly string[];
  readonly #clock: Clock;
  readonly #records: Asked[] = [];
  readonly #lateMs: number[] = [];
  readonly #startTick: number;
  readonly #beginTick: number;
  readonly #endTick: number;
  #next = 0;
  #outstanding = 0;

  constructor(shape: LoadShape, texts: readonly string[], clock: Clock) {
    this.#texts = texts;
    this.#clock = clock;
    this.#startTick = clock.tick();
    this.#beginTick = this.#startTick + shape.warmUpMs;
    this.#endTick = this.#beginTick + shape.durationMs;
  }

  async closed(askers: readonly Asker[]): Promise<LoadResult> {
    const ask = async (asker: Asker): Promise<void> => {
      while (this.#clock.tick() < this.#endTick) await this.#ask(asker, this.#clock.tick());
    };
    await this.#settle(askers.map(ask));
    // A second's work is what was finished in it, whenever it was begun.
    return this.#result((record) => record.tick);
  }

  async open(
    askers: readonly Asker[],
    { ratePerSecond, seed }: { readonly ratePerSecond: number; readonly seed: number },
  ): Promise<LoadResult> {
    const spanMs = this.#endTick - this.#startTick;
    const free = [...askers];
    const waiting: number[] = [];
    const running: Promise<void>[] = [];
    const serve = (): void => {
      while (free.length > 0 && waiting.length > 0) {
        const asker = free.shift() as Asker;
        const asked = this.#ask(asker, waiting.shift() as number).then(() => {
          free.push(asker);
          serve();
        });
        running.push(asked);
      }
    };
    for (const atMs of planArrivals(ratePerSecond, spanMs, createRandom(seed))) {
      const dueTick = this.#startTick + atMs;
      const leftMs = dueTick - this.#clock.tick();
      if (leftMs > 0) await this.#clock.sleep(leftMs);
      this.#lateMs.push(Math.max(0, this.#clock.tick() - dueTick));
      waiting.push(dueTick);
      serve();
    }
    while (waiting.length > 0 && this.#clock.tick() < this.#endTick + PATIENCE_MS)
      await this.#clock.sleep(LOOK_AGAIN_MS);
    const givenUp = waiting.splice(0);
    await this.#settle(running);
    for (const dueTick of givenUp) this.#records.push({ said: null, tick: dueTick, ms: 0 });
    return this.#result((record) => record.tick - record.ms);
  }

  async #ask(asker: Asker, dueTick: number): Promise<void> {
    const text = this.#texts[this.#next++ % this.#texts.length] ?? '';
    this.#outstanding += 1;
    const said = await asker.say(text);
    this.#outstanding -= 1;
    const tick = this.#clock.tick();
    this.#records.push({ said, tick, ms: tick - dueTick });
    if (said.kind === 'answered' && said.isHandedOver) await asker.restart();
    // A box that refuses at once must not turn this loop into an attack on it.
    if (said.kind === 'refused') await this.#clock.sleep(AFTER_REFUSAL_MS);
  }

  async #settle(running: readonly Promise<void>[]): Promise<void> {
    const patience = new AbortController();
    const leftMs = Math.max(0, this.#endTick + PATIENCE_MS - this.#clock.tick());
    const late = this.#clock.sleep(leftMs, patience.signal).catch(() => undefined);
    await Promise.race([Promise.all(running), late]);
    patience.abort();
    for (let lost = this.#outstanding; lost > 0; lost -= 1)
      this.#records.push({ said: null, tick: this.#endTick - 1, ms: 0 });
  }

  /** @param placeOf the moment that decides whether a question belongs to the window */
  #result(placeOf: (record: Asked) => number): LoadResult {
    const inside = this.#records.filter((record) => {
      const tick = placeOf(record);
      return tick >= this.#beginTick && tick < this.#endTick;
    });
    const answered = inside.flatMap(({ said, ms }) =>
      said?.kind === 'answered' ? [{ ...said, ms }] : [],
    );
    const local = answered.filter(({ engine }) => engine === 'local');
    const seconds = (this.#endTick - this.#beginTick) / 1000;
    const refusals = inside.flatMap(({ said }) =>
      said === null ? ['unanswered'] : said.kind === 'refused' ? [said.code] : [],
    );
    const others = answered.flatMap(({ engine }) => (engine === 'local' ? [] : [engine]));
    return {
      seconds,
      local: local.length,
      otherEngines: countEach(others),
      refused: countEach(refusals),
      unrecorded: answered.filter(({ isRecorded }) => !isRecorded).length,
      handedOver: answered.filter(({ isHandedOver }) => isHandedOver).length,
      localPerSecond: local.length / seconds,
      latencyMs: summarise(answered.map(({ ms }) => ms)),
      sentLateP99Ms: this.#lateMs.length === 0 ? 0 : percentile(this.#lateMs, 0.99),
    };
  }
}

function countEach(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
