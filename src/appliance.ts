import { join } from 'node:path';
import { createDesk } from './appliance/create-desk.ts';
import { createHeadquartersLine } from './appliance/create-headquarters-line.ts';
import { createWatch } from './appliance/create-watch.ts';
import type { Edges } from './appliance/edges.ts';
import { openStores } from './appliance/open-stores.ts';
import { runParts } from './appliance/run-parts.ts';
import { isLive, serveRooms } from './appliance/serve-rooms.ts';
import type { Config } from './config/load-config.ts';
import { type LoadedPacks, loadPacks } from './config/load-packs.ts';
import { Knowledge } from './dialogue/knowledge.ts';
import { Visits } from './dialogue/visits.ts';
import { StorageError } from './domain/errors.ts';
import type { Mode } from './domain/health.ts';
import type { Part } from './domain/part.ts';
import { Server } from './http/server.ts';
import { StaticPages } from './http/static-pages.ts';
import { EncoderEngine } from './inference/encoder-engine.ts';
import { LocalAnswering } from './inference/local-answering.ts';
import { CertificateKeeper } from './platform/certificate-keeper.ts';
import { newId } from './platform/new-id.ts';
import { Accounts, type OneTimeAccess } from './trust/accounts.ts';
import { PasswordHasher } from './trust/password-hasher.ts';

/** What must be said about a start. */
export type StartReport = {
  readonly httpsPort: number;
  readonly keyWarning: string | null;
  /** The first account's one-time password; null when there are accounts already. */
  readonly firstAccess: OneTimeAccess | null;
};

/** One box. */
export type Appliance = {
  /** Starts every part in order; the engine goes on loading while customers are answered another way. */
  start(signal: AbortSignal): Promise<StartReport>;
  stop(): Promise<void>;
  mode(): Mode;
  /** Whether the process makes progress; when not, only a restart helps. */
  isLive(): boolean;
  /** Resolves when the engine on the box answers, or has failed. */
  untilAnswering(): Promise<void>;
};

/**
 * Joins every room into one box.
 *
 * @throws ConfigError PACK_INVALID
 */
export async function createAppliance(config: Config, edges: Edges): Promise<Appliance> {
  const packs = await loadPacks(config.paths.packs, config.site.packs);
  const rooms = createRooms(config, edges, packs);
  const { answering, watch } = rooms;
  let stopParts = async (): Promise<void> => undefined;
  return {
    start: async (signal) => {
      stopParts = await runParts(partsOf(rooms), signal);
      return reportStart(config, edges, rooms).catch(async (error: unknown) => {
        await stopParts();
        throw error;
      });
    },
    stop: () => stopParts(),
    mode: () => watch.modes.mode(),
    isLive: () => isLive(rooms),
    untilAnswering: () => answering.loaded(),
  };
}

type Rooms = ReturnType<typeof createRooms>;

function createRooms(config: Config, edges: Edges, packs: LoadedPacks) {
  const { clock, log } = edges;
  const { site, profile, paths, listen } = config;
  const stores = openStores(config, edges);
  const { ledger } = stores;
  const engine = new EncoderEngine(
    {
      encoderFolder: paths.encoder,
      cacheFolder: paths.modelCache,
      ...{ threads: profile.engine.threads, queueLimit: profile.engine.queueLimit },
    },
    { clock, log },
  );
  const { statedErrorRate } = site.answers;
  const answering = new LocalAnswering(engine, { ...packs, statedErrorRate }, log);
  const certificates = new CertificateKeeper({
    ...{ dir: join(paths.data, 'certificates'), names: listen.names, clock, log },
    onRenewed: () => server.renew(),
  });
  const line = createHeadquartersLine(config, edges, stores);
  const watch = createWatch(config, edges, stores, { engine, line, certificates });
  const knowledge = new Knowledge(packs.packs, site.facts);
  const desk = createDesk(config, edges, stores);
  const visits = new Visits({
    ...{ ledger, visits: stores.visits, handOver: desk.escalations, clock, log, newId },
    ...{ idleMs: site.visits.idleSeconds * 1000, limit: site.visits.limit },
  });
  const accounts = new Accounts({
    ...{ ledger, projected: stores.accounts, hasher: new PasswordHasher(), clock, log },
  });
  const pages = new StaticPages(paths.pages);
  const rooms = {
    ...{ stores, engine, answering, certificates, line, watch, knowledge, desk, visits, accounts },
    pages,
  };
  const server: Server = new Server({
    ...{ host: listen.host, httpsPort: listen.httpsPort, httpPort: listen.httpPort, log },
    tls: () => certificates.tls(),
    app: () => serveRooms(config, edges, rooms),
  });
  return { ...rooms, server };
}

/** In the order of their start. Loading the engine takes longest, so it begins first. */
function partsOf(rooms: Rooms): Part[] {
  const { answering, stores, certificates, desk, visits, watch, line, pages, server } = rooms;
  return [
    ...[answering, stores.vault, certificates, pages, desk.escalations, visits],
    ...[watch.lag, watch.modes, watch.board, line, server],
  ];
}

async function reportStart(config: Config, { log }: Edges, rooms: Rooms): Promise<StartReport> {
  const { stores, accounts, server } = rooms;
  const { keyWarning, recovery } = stores.vault.report();
  const data = { version: config.version, recoveredFrom: recovery.startedFrom };
  const report = { httpsPort: server.httpsPort(), keyWarning };
  try {
    await stores.ledger.commit([{ type: 'box.started', subject: null, data }]);
    return { ...report, firstAccess: await accounts.ensureFirstAccount() };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    // Customers are answered all the same; the ledger goes on by itself when it can.
    log.error('this start could not be recorded', { code: error.code });
    return { ...report, firstAccess: null };
  }
}
