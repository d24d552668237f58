import type { Mode } from '../domain/health.ts';
import {
  type Answer,
  type Breaker,
  type BreakerSettings,
  closedBreaker,
  countAnswer,
  countTrial,
  isTrialDue,
  trip,
} from './breaker.ts';

/** An engine that can be in or out of service. */
export type TriedEngine = 'local' | 'cloud';

/** The rules of the mode; times in milliseconds. */
export type ModeSettings = {
  readonly local: BreakerSettings;
  readonly cloud: BreakerSettings;
  /** Coming back to a better mode happens at most this often. */
  readonly returnEveryMs: number;
};

/** What the mode depends on besides answers. */
export type ModeReadings = {
  /** The engine on the box is loaded and its workers live. */
  readonly isEngineReady: boolean;
  /** Headquarters is configured and was reached last time. */
  readonly isCloudReachable: boolean;
};

/** All that is known when a mode is chosen. A value: nothing changes it. */
export type ModeState = ModeReadings & {
  readonly mode: Mode;
  /** Why the mode is this, as `engine:word`. */
  readonly why: string;
  readonly changedTick: number;
  readonly lastReturnTick: number | null;
  /** The mode has been `local` since the start. */
  readonly hasComeUp: boolean;
  readonly local: Breaker;
  readonly cloud: Breaker;
};

/** What the machine hears. `trial`: a synthetic question, never a customer's. */
export type ModeInput =
  | ({ readonly type: 'answer' | 'trial'; readonly engine: TriedEngine } & Answer)
  | ({ readonly type: 'readings'; readonly tick: number } & ModeReadings);

const ENGINES: readonly TriedEngine[] = ['local', 'cloud'];
/** From the best to the safest. */
const MODES: readonly Mode[] = [...ENGINES, 'fallback'];

/** The state before anything is known: only the keyword list may answer. */
export function initialModeState(tick: number): ModeState {
  return {
    mode: 'fallback',
    why: 'local:starting',
    changedTick: tick,
    lastReturnTick: null,
    hasComeUp: false,
    isEngineReady: false,
    isCloudReachable: false,
    local: closedBreaker(tick),
    cloud: closedBreaker(tick),
  };
}

function absorb(state: ModeState, input: ModeInput, settings: ModeSettings): ModeState {
  switch (input.type) {
    case 'answer':
      return {
        ...state,
        [input.engine]: countAnswer(state[input.engine], input, settings[input.engine]),
      };
    case 'trial':
      return {
        ...state,
        [input.engine]: countTrial(state[input.engine], input, settings[input.engine]),
      };
    case 'readings': {
      const { isEngineReady, isCloudReachable, tick } = input;
      const lostLocal = state.isEngineReady && !isEngineReady;
      const lostCloud = state.isCloudReachable && !isCloudReachable;
      return {
        ...state,
        isEngineReady,
        isCloudReachable,
        local: lostLocal ? trip(state.local, 'away', tick, settings.local) : state.local,
        cloud: lostCloud ? trip(state.cloud, 'away', tick, settings.cloud) : state.cloud,
      };
    }
  }
}

function isAllowed(mode: Mode, state: ModeState): boolean {
  if (mode === 'local') return state.isEngineReady && !state.local.isOpen;
  if (mode === 'cloud') return state.isCloudReachable && !state.cloud.isOpen;
  return true;
}

/** The best mode that is allowed and no better than `atBest`. */
function bestMode(state: ModeState, atBest: Mode): Mode {
  const candidates = MODES.slice(MODES.indexOf(atBest));
  return candidates.find((mode) => isAllowed(mode, state)) ?? 'fallback';
}

const isBetter = (one: Mode, other: Mode) => MODES.indexOf(one) < MODES.indexOf(other);

function reasonFor(to: Mode, state: ModeState): string {
  if (isBetter(to, state.mode)) return `${to}:recovered`;
  const left = state.mode === 'cloud' ? 'cloud' : 'local';
  return `${left}:${state[left].tripReason ?? 'away'}`;
}

/**
 * Takes one input in and chooses the mode.
 *
 * A safer mode is taken at once. A better one is taken at most once in `returnEveryMs`, and an engine
 * that was out of service must have passed its trials. The first arrival at `local` is coming up, not
 * coming back: it neither waits nor counts. Never `local` while the engine is not ready, never `cloud`
 * while headquarters is away or its breaker is open.
 */
export function step(state: ModeState, input: ModeInput, settings: ModeSettings): ModeState {
  const next = absorb(state, input, settings);
  const { tick } = input;
  const comesUp = !next.hasComeUp && isAllowed('local', next);
  const mayReturn =
    next.lastReturnTick === null || tick - next.lastReturnTick >= settings.returnEveryMs;
  const mode = bestMode(next, comesUp || mayReturn ? 'local' : next.mode);
  if (mode === next.mode) return next;
  const isReturn = isBetter(mode, next.mode) && !comesUp;
  return {
    ...next,
    mode,
    why: comesUp ? 'local:ready' : reasonFor(mode, next),
    changedTick: tick,
    lastReturnTick: isReturn ? tick : next.lastReturnTick,
    hasComeUp: next.hasComeUp || comesUp,
  };
}

/** The engines for which a synthetic question is due; never one that cannot answer at all. */
export function dueTrials(state: ModeState, tick: number): TriedEngine[] {
  const canTry = { local: state.isEngineReady, cloud: state.isCloudReachable };
  return ENGINES.filter((engine) => canTry[engine] && isTrialDue(state[engine], tick));
}
