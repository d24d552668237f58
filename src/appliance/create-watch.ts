import type { Config } from '../config/load-config.ts';
import type { EncoderEngine } from '../inference/encoder-engine.ts';
import type { CertificateKeeper } from '../platform/certificate-keeper.ts';
import type { HqConnection } from '../sync/hq-connection.ts';
import { ModeKeeper } from '../watch/mode-keeper.ts';
import type { ModeSettings } from '../watch/mode-machine.ts';
import { ProbeBoard } from '../watch/probe-board.ts';
import {
  createClockStepReading,
  EventLoopLag,
  readHeapUsedShare,
} from '../watch/probes/process-readings.ts';
import { createProbes } from '../watch/probes/standard-probes.ts';
import type { Edges } from './edges.ts';
import type { Stores } from './open-stores.ts';

/** Any box can be asked this, whatever its packs. */
const SYNTHETIC_QUESTION = '你们几点开门？';

function modeSettings(budgetMs: number): ModeSettings {
  const engine = {
    ...{ budgetMs, failuresToTrip: 3, failingForMs: 1_000, goodTrials: 3, trialEveryMs: 1_000 },
    ...{ backoffMs: 2_000, maxBackoffMs: 60_000, settledMs: 10 * 60_000 },
  };
  return { local: engine, cloud: engine, returnEveryMs: 60_000 };
}

/** What is watched. */
export type WatchedRooms = {
  readonly engine: EncoderEngine;
  readonly line: HqConnection;
  readonly certificates: CertificateKeeper;
};

/** Makes what sits beside the turns: probes, mode, the last turns' times. */
export function createWatch(config: Config, edges: Edges, stores: Stores, rooms: WatchedRooms) {
  const { clock, log, hardware } = edges;
  const { ledger, incidents } = stores;
  const { engine, line, certificates } = rooms;
  const lag = new EventLoopLag();
  const isLocalReady = () => engine.state().hasIntents;
  const modes: ModeKeeper = new ModeKeeper({
    ...{ ledger, clock, log, intervalMs: 250 },
    settings: modeSettings(config.site.answers.turnBudgetMs),
    readings: () => ({ isEngineReady: isLocalReady(), isCloudReachable: line.state().reachable }),
    tryEngine: async (tried) => {
      const { turnBudgetMs } = config.site.answers;
      if (tried === 'local') await engine.understand(SYNTHETIC_QUESTION, turnBudgetMs);
      else await line.understand(SYNTHETIC_QUESTION, 'zh', turnBudgetMs);
    },
    health: () => board.health(),
  });
  const board: ProbeBoard = new ProbeBoard({
    ...{ ledger, incidents, clock, log, readTimeoutMs: 5_000 },
    intervalMs: config.profile.watch.everySeconds * 1000,
    probes: createProbes(
      {
        ...hardware,
        eventLoopLagMs: () => lag.takeP99Ms(),
        heapUsedShare: readHeapUsedShare,
        inferenceP95Ms: () => modes.localP95Ms(),
        isInferenceAlive: isLocalReady,
        ledgerSyncMs: () => ledger.stat().lastSyncMs,
        isLedgerWritable: () => !ledger.stat().readOnly,
        isHeadquartersReachable: () => (line.isConfigured() ? line.state().reachable : null),
        certificateDaysLeft: () => certificates.daysLeft(),
        clockStepMs: createClockStepReading(clock),
      },
      config.profile.watch.limits,
    ),
  });
  return { lag, board, modes };
}

/** The watch's pieces. */
export type Watch = ReturnType<typeof createWatch>;
