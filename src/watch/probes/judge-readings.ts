import type { Health } from '../../domain/health.ts';
import type { Level, Probe, ProbeLimits } from './probe.ts';

const LEVELS: readonly Level[] = ['ok', 'degraded', 'failing'];

const badnessOf = (level: Level) => LEVELS.indexOf(level);

/** Says what one reading means by itself. */
export function levelOf(value: number, probe: Pick<Probe, 'worse' | 'limits'>): Level {
  const isBeyond = (limit: number | null) =>
    limit !== null && (probe.worse === 'above' ? value > limit : value < limit);
  if (isBeyond(probe.limits.fail)) return 'failing';
  return isBeyond(probe.limits.warn) ? 'degraded' : 'ok';
}

/**
 * Judges the last readings together with the judgement before, so that one odd reading changes
 * nothing and a reading that swings round a limit does not make the judgement swing.
 *
 * @param levels the newest last; only the last `limits.of` count
 */
export function judgeLevels(
  previous: Health,
  levels: readonly Level[],
  limits: ProbeLimits,
): Level {
  const recent = levels.slice(-limits.of);
  const atLeast = (level: Level) =>
    recent.filter((one) => badnessOf(one) >= badnessOf(level)).length;
  const raised =
    LEVELS.findLast((level) => level === 'ok' || atLeast(level) >= limits.needed) ?? 'ok';
  const before = previous === 'unknown' ? 'ok' : previous;
  if (badnessOf(raised) >= badnessOf(before)) return raised;
  const worstRecent = LEVELS.findLast((level) => recent.includes(level)) ?? before;
  return badnessOf(worstRecent) < badnessOf(before) ? worstRecent : before;
}

/** The worst of several judgements; what cannot be read says nothing, unless nothing can. */
export function worstHealth(all: readonly Health[]): Health {
  return LEVELS.findLast((level) => all.includes(level)) ?? 'unknown';
}
