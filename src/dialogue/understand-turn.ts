import { ApplianceError } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';
import type {
  Clock,
  CloudUnderstander,
  Log,
  ModeSource,
  Thresholds,
  Understander,
  Understanding,
} from '../domain/ports.ts';
import type { Engine } from '../domain/session.ts';
import type { KeywordUnderstander } from './keyword-understander.ts';

/** What was understood, by whom, and the thresholds that belong to that engine. */
export type ReadTurn = {
  readonly engine: Engine;
  readonly understanding: Understanding;
  readonly thresholds: Thresholds;
};

/** The engines in the order of the modes: the box, headquarters, the keyword list. */
export type Engines = {
  readonly local: Understander;
  readonly cloud: CloudUnderstander | null;
  readonly keyword: KeywordUnderstander;
  readonly modes: ModeSource;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Reads a turn with the best engine that the mode allows, and with the next one when it fails.
 *
 * Never throws for an engine's sake: the keyword list always answers.
 *
 * @param text normalised; stays on the box
 * @param maskedText what headquarters may see
 */
export async function understandTurn(
  engines: Engines,
  text: string,
  maskedText: string,
  language: Language,
): Promise<ReadTurn> {
  const mode = engines.modes.mode();
  if (mode === 'local') {
    const read = await timed(engines, 'local', async (budgetMs) => ({
      understanding: await engines.local.understand(text, budgetMs),
      thresholds: engines.local.thresholds(),
    }));
    if (read) return { engine: 'local', ...read };
  }
  const { cloud } = engines;
  if (mode !== 'fallback' && cloud) {
    const read = await timed(engines, 'cloud', async (budgetMs) => {
      const { thresholds, ...understanding } = await cloud.understand(
        maskedText,
        language,
        budgetMs,
      );
      return { understanding, thresholds };
    });
    if (read) return { engine: 'cloud', ...read };
  }
  return {
    engine: 'keyword',
    understanding: engines.keyword.understand(text),
    thresholds: engines.keyword.thresholds(),
  };
}

async function timed<T>(
  engines: Engines,
  engine: 'local' | 'cloud',
  read: (budgetMs: number) => Promise<T>,
): Promise<T | null> {
  const startTick = engines.clock.tick();
  try {
    const result = await read(engines.modes.budgetMs());
    engines.modes.report(engine, { ok: true, ms: engines.clock.tick() - startTick });
    return result;
  } catch (error) {
    if (!(error instanceof ApplianceError)) throw error;
    engines.modes.report(engine, { ok: false, ms: engines.clock.tick() - startTick });
    engines.log.warn('an engine did not answer a turn', { engine, code: error.code });
    return null;
  }
}
