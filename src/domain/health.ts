import type { Bilingual } from './language.ts';

/** Which engine may answer: on the box, at headquarters, or the keyword list. */
export type Mode = 'local' | 'cloud' | 'fallback';

/** How a probe, or the whole box, is. */
export type Health = 'ok' | 'degraded' | 'failing' | 'unknown';

/** The last judgement of one probe. */
export type ProbeState = {
  readonly name: string;
  readonly title: Bilingual;
  readonly health: Health;
  /** The reading, in `unit`; null when it could not be taken. */
  readonly value: number | null;
  readonly unit: string;
  readonly threshold: number | null;
  /** Wall time of the reading, ms since the epoch. */
  readonly readAt: number;
};

/** A detected fault from detection to its end. */
export type Incident = {
  readonly id: string;
  readonly probe: string;
  readonly title: Bilingual;
  readonly openedAt: number;
  closedAt: number | null;
};
