import type { Health } from '../../domain/health.ts';
import type { Bilingual } from '../../domain/language.ts';

/** When a probe's readings mean something; in the probe's unit. */
export type ProbeLimits = {
  /** Beyond this a reading is degraded; null: never. */
  readonly warn: number | null;
  /** Beyond this a reading is failing; null: never. */
  readonly fail: number | null;
  /** So many of the last `of` readings must agree before the judgement gets worse. */
  readonly needed: number;
  /** The judgement gets better when none of the last `of` readings is as bad. */
  readonly of: number;
};

/** One thing that is looked at again and again. */
export type Probe = {
  readonly name: string;
  readonly title: Bilingual;
  readonly unit: string;
  /** Where the reading comes from, for the person who has to trust it. */
  readonly source: string;
  /** On which side of a limit trouble lies. */
  readonly worse: 'above' | 'below';
  readonly limits: ProbeLimits;
  /** Takes a reading; null when this box cannot give one. */
  readonly read: () => number | null | Promise<number | null>;
};

/** What one reading says. */
export type Level = Exclude<Health, 'unknown'>;
