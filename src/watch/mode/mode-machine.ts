import type { Mode } from '../../domain/health.ts';
import {
  type Breaker,
  type BreakerLimits,
  closedBreaker,
  type EngineOutcome,
  isTrialDue,
  noteOutcome,
  noteTrial,
} from './engine-breaker.ts';

/** The two engines that can be trusted or not; the keyword list always works. */
export type EngineName = 'local' | 'cloud';

/** What the mode depends on. A value: `step` makes the next one. */
export type ModeState = {
  readonly mode: Mode;
  readonly why: string;
  readonly localReady: boolean;
  readonly cloudConfigured: boolean;
  readonly breakers: Readonly<Record<EngineName, Breaker>>;
  /** Monotonic time of the last change back towards `local`; −∞ before the first. */
  readonly returnedTick: number;
};

/** Something that the machine learns. */
export type ModeInput =
  | { readonly type: 'time' }
  | { readonly type: 'engine'; readonly ready: boolean }
  | {
      readonly type: 'turn' | 'trial';
      readonly engine: EngineName;
      readonly outcome: EngineOutcome;
    };

/** Limits of both engines. */
export type ModeLimits = Readonly<Record<EngineName, BreakerLimits>>;

/** Coming back is tried at most this often, so that a flapping engine does not make the mode flap. */
export const RETURN_EVERY_MS = 60_000;

/** `fallback` is safest: it needs nothing. */
const SAFETY: Readonly<Record<Mode, number>> = { local: 0, cloud: 1, fallback: 2 };

/** Before the engine has loaded: customers get the keyword list or headquarters. */
export function initialModeState(limits: ModeLimits, cloudConfigured: boolean): ModeState {
  return {
    mode: cloudConfigured ? 'cloud' : 'fallback',
    why: 'starting',
    localReady: false,
    cloudConfigured,
    breakers: { local: closedBreaker(limits.local), cloud: closedBreaker(limits.cloud) },
    returnedTick: Number.NEGATIVE_INFINITY,
  };
}

/** The next state after one input at `tick`. Pure. */
export function step(
  state: ModeState,
  input: ModeInput,
  tick: number,
  limits: ModeLimits,
): ModeState {
  const learned = learn(state, input, tick, limits);
  const wanted = wantedMode(learned);
  if (wanted.mode === state.mode) return learned;
  if (SAFETY[wanted.mode] > SAFETY[state.mode]) return { ...learned, ...wanted };
  if (tick - state.returnedTick >= RETURN_EVERY_MS)
    return { ...learned, ...wanted, returnedTick: tick };
  // Not yet time to come back; but a mode whose own engine is gone cannot be kept either.
  return isUsable(learned, state.mode)
    ? learned
    : { ...learned, mode: 'fallback', why: 'waiting to come back' };
}

/** The engines whose synthetic question is due. */
export function dueTrials(state: ModeState, tick: number): EngineName[] {
  const engines: readonly EngineName[] = ['local', 'cloud'];
  return engines.filter((engine) => {
    const isThere = engine === 'local' ? state.localReady : state.cloudConfigured;
    return isThere && isTrialDue(state.breakers[engine], tick);
  });
}

function learn(state: ModeState, input: ModeInput, tick: number, limits: ModeLimits): ModeState {
  switch (input.type) {
    case 'time':
      return state;
    case 'engine':
      return { ...state, localReady: input.ready };
    case 'turn':
    case 'trial': {
      const { engine, outcome } = input;
      const note = input.type === 'turn' ? noteOutcome : noteTrial;
      const breaker = note(state.breakers[engine], outcome, tick, limits[engine]);
      return { ...state, breakers: { ...state.breakers, [engine]: breaker } };
    }
  }
}

function wantedMode(state: ModeState): { readonly mode: Mode; readonly why: string } {
  if (isUsable(state, 'local')) return { mode: 'local', why: 'the engine on the box works' };
  const localWhy = state.localReady
    ? `the engine on the box had ${state.breakers.local.why ?? 'no answer'}`
    : 'the engine on the box is not ready';
  if (isUsable(state, 'cloud')) return { mode: 'cloud', why: localWhy };
  const cloudWhy = state.cloudConfigured
    ? 'headquarters does not answer'
    : 'no headquarters is set';
  return { mode: 'fallback', why: `${localWhy}; ${cloudWhy}` };
}

function isUsable(state: ModeState, mode: Mode): boolean {
  switch (mode) {
    case 'local':
      return state.localReady && !state.breakers.local.isOpen;
    case 'cloud':
      return state.cloudConfigured && !state.breakers.cloud.isOpen;
    case 'fallback':
      return true;
  }
}
