import { join } from 'node:path';
import type { Config } from './config/load-config.ts';
import { type LoadedPacks, loadPacks } from './config/load-packs.ts';
import { deskProjection } from './desk/desk-projection.ts';
import { Escalations } from './desk/escalations.ts';
import { Presence } from './desk/presence.ts';
import { Tickets } from './desk/tickets.ts';
import { Conversation } from './dialogue/conversation.ts';
import { KeywordUnderstander } from './dialogue/keyword-understander.ts';
import { Knowledge } from './dialogue/knowledge.ts';
import { Visits } from './dialogue/visits.ts';
import { visitsProjection } from './dialogue/visits-projection.ts';
import { laneOf, type NewEvent } from './domain/events.ts';
import type { Mode } from './domain/health.ts';
import type { Part } from './domain/part.ts';
import type { Clock, Log } from './domain/ports.ts';
import { type ApiOptions, createApi } from './http/api.ts';
import { kioskView } from './http/kiosk-view.ts';
import { Server } from './http/server.ts';
import { StaticPages } from './http/static-pages.ts';
import { statusView } from './http/status-view.ts';
import { EncoderEngine } from './inference/encoder-engine.ts';
import { CertificateKeeper } from './platform/certificate-keeper.ts';
import { createSigningRequest } from './platform/certificates.ts';
import { createFileRoot, type FileRoot } from './platform/durable-files.ts';
import { createHardwareFacts, type HardwareFacts } from './platform/hardware-facts.ts';
import { createJsonLog } from './platform/json-log.ts';
import { newId, newReadableCode } from './platform/new-id.ts';
import { systemClock } from './platform/system-clock.ts';
import { parseDeliveryCursors, initialDeliveryCursors } from './sync/delivery-cursor.ts';
import { parseStoredEnrolment } from './sync/enrolment.ts';
import { HqConnection } from './sync/hq-connection.ts';
import { Accounts, type OneTimeAccess } from './trust/accounts.ts';
import { accountsProjection } from './trust/accounts-projection.ts';
import { PasswordHasher } from './trust/password-hasher.ts';
import { PERMISSIONS } from './trust/permissions.ts';
import { maskContact, piiMasker } from './trust/pii/mask-pii.ts';
import { StaffSessions } from './trust/staff-sessions.ts';
import { Vault } from './vault/vault.ts';
import { incidentsProjection } from './watch/incidents-projection.ts';
import { judgeLiveness, judgeReadiness } from './watch/liveness.ts';
import { Metrics } from './watch/metrics.ts';
import { ModeKeeper } from './watch/mode/mode-keeper.ts';
import { ProbeBoard } from './watch/probe-board.ts';
import { createClockStepReading, EventLoopLag, readHeapUsedShare } from './watch/probes/process-readings.ts';
import { createProbes } from './watch/probes/standard-probes.ts';
import { RecentTurns, todayProjection } from './watch/turn-statistics.ts';

/** Everything that tests replace. */
export type Edges = {
  readonly clock: Clock;
  readonly log: Log;
  readonly files: FileRoot;
  readonly hardware: HardwareFacts;
  readonly random: () => number;
};

/** The edges of a real box. */
export function realEdges(config: Config): Edges {
  return {
    clock: systemClock,
    log: createJsonLog(config.log, process.stderr),
    files: createFileRoot(config.paths.data),
    hardware: createHardwareFacts(config.paths.data),
    random: Math.random,
  };
}

/** What must be said about a start. */
export type StartReport = {
  readonly httpsPort: number;
  readonly keyWarning: string | null;
  /** The first account's one-time password; null when there are accounts already. */
  readonly firstAccess: OneTimeAccess | null;
};

/** One box. */
export type Appliance = {
  start(signal: AbortSignal): Promise<StartReport>;
  stop(): Promise<void>;
  mode(): Mode;
  /** Resolves when the engine on the box answers, or has failed. */
  untilAnswering(): Promise<void>;
  /** The application that is served, for tests without a socket. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
};

/**
 * Joins every room into one box.
 *
 * @throws ConfigError PACK_INVALID
 */
export async function createAppliance(config: Config, edges: Edges): Promise<Appliance> {
  const packs = await loadPacks(config.paths.packs, config.site.packs);
  const stores = openStores(config, edges);
  const engine = createEngine(config, edges, packs);
  return assemble(config, edges, packs, stores, engine);
}

function openStores({ key, paths }: Config, { files, clock, log }: Edges) {
  const vault = new Vault<NewEvent>({
    files: files.folder('vault'),
    masterKey:
      key.kind === 'file'
        ? { from: 'file', path: key.path, createIfMissing: true }
        : { from: 'passphrase', passphrase: key.passphrase },
    clock,
    log,
    laneOf,
  });
  const { documents, ledger, personal } = vault;
  return {
    vault,
    ledger,
    personal,
    cacheFolder: join(paths.data, 'models'),
    visits: documents.project(visitsProjection),
    desk: documents.project(deskProjection),
    accounts: documents.project(accountsProjection),
    incidents: documents.project(incidentsProjection),
    today: documents.project(todayProjection),
    enrolment: documents.sealedDocument('enrolment', parseStoredEnrolment, { current: null }),
    cursors: documents.sealedDocument('delivery', parseDeliveryCursors, initialDeliveryCursors()),
  };
}
