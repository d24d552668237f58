import type { Config } from '../config/load-config.ts';
import type { Escalations } from '../desk/escalations.ts';
import { Presence } from '../desk/presence.ts';
import type { Tickets } from '../desk/tickets.ts';
import { Conversation } from '../dialogue/conversation.ts';
import { KeywordUnderstander } from '../dialogue/keyword-understander.ts';
import type { Knowledge } from '../dialogue/knowledge.ts';
import type { Visits } from '../dialogue/visits.ts';
import { createApi } from '../http/api.ts';
import { kioskView } from '../http/kiosk-view.ts';
import type { StaticPages } from '../http/static-pages.ts';
import { type StatusSources, statusView } from '../http/status-view.ts';
import type { EncoderEngine } from '../inference/encoder-engine.ts';
import type { HqConnection } from '../sync/hq-connection.ts';
import type { Accounts } from '../trust/accounts.ts';
import { PERMISSIONS } from '../trust/permissions.ts';
import { piiMasker } from '../trust/pii/mask-pii.ts';
import { StaffSessions } from '../trust/staff-sessions.ts';
import {
  type ConnectivityFacts,
  judgeConnectivity,
  judgeLiveness,
  judgeReadiness,
  type LivenessFacts,
  type ReadinessFacts,
} from '../watch/liveness.ts';
import { Metrics } from '../watch/metrics.ts';
import type { Watch } from './create-watch.ts';
import type { Edges } from './edges.ts';
import type { Stores } from './open-stores.ts';

/** The rooms that are reached over HTTP. */
export type ServedRooms = {
  readonly stores: Stores;
  readonly engine: EncoderEngine;
  readonly line: HqConnection;
  readonly watch: Watch;
  readonly knowledge: Knowledge;
  readonly desk: { readonly escalations: Escalations; readonly tickets: Tickets };
  readonly visits: Visits;
  readonly accounts: Accounts;
  readonly pages: StaticPages;
};

/** Builds the application over rooms whose vault is open: sign-in tokens need its key. */
export function serveRooms(
  config: Config,
  edges: Edges,
  rooms: ServedRooms,
): ReturnType<typeof createApi> {
  const { clock, log } = edges;
  const { stores, engine, line, watch, knowledge, desk, visits, accounts, pages } = rooms;
  const { vault, ledger } = stores;
  const metrics = createMetrics(config, rooms);
  const status = statusSources(config, edges, rooms);
  const conversation = new Conversation({
    ...{ visits, knowledge, masker: piiMasker, handOver: desk.escalations },
    engines: {
      ...{ local: engine, cloud: line.isConfigured() ? line : null, modes: watch.modes },
      ...{ keyword: new KeywordUnderstander(knowledge), clock, log },
    },
    observe: (receipt) => metrics.observeTurn(receipt),
  });
  const { branch, topics, visits: limits } = config.site;
  const settings = { branch, topics, idleSeconds: limits.idleSeconds };
  return createApi({
    ...{ ledger, conversation, visits, knowledge, accounts, pages, clock, log, ...desk },
    ...{ permissions: PERMISSIONS, masker: piiMasker, presence: new Presence() },
    sessions: new StaffSessions({
      ...{ key: vault.derive('staff-sessions'), clock, find: (name) => accounts.find(name) },
    }),
    displayName: (account) => accounts.find(account)?.displayName ?? null,
    kiosk: () => kioskView(knowledge, settings),
    status: () => statusView(status),
    live: () => judgeLiveness(livenessFacts(rooms)),
    ready: () => judgeReadiness(readinessFacts(rooms)),
    connectivity: () => judgeConnectivity(connectivityFacts(edges, line)),
    metrics: async () => ({ type: metrics.contentType, text: await metrics.text() }),
    version: config.version,
    turnsPerSecond: config.turnsPerSecond,
    opensPerSecond: limits.opensPerSecond,
  });
}

function createMetrics(config: Config, { stores, line, watch }: ServedRooms): Metrics {
  const metrics = new Metrics({
    version: config.version,
    mode: () => watch.modes.mode(),
    probes: () => watch.board.states(),
    eventLoopLagMs: () => probeValue(watch, 'event_loop_lag'),
    ledgerSyncMs: () => stores.ledger.stat().lastSyncMs,
    laneLag: () => {
      const [urgent, normal, bulk] = line.state().lanes.map((lane) => lane.lag);
      return { urgent: urgent ?? 0, normal: normal ?? 0, bulk: bulk ?? 0 };
    },
  });
  stores.ledger.subscribe((event) => metrics.observe(event));
  return metrics;
}

function probeValue(watch: Watch, name: string): number | null {
  return watch.board.states().find((probe) => probe.name === name)?.value ?? null;
}

/** Whether the process makes progress: what the systemd watchdog is fed by. */
export function isLive(rooms: LiveRooms): boolean {
  return judgeLiveness(livenessFacts(rooms)).ok;
}

type LiveRooms = Pick<ServedRooms, 'watch' | 'stores'>;

function livenessFacts({ watch, stores }: LiveRooms): LivenessFacts {
  return {
    eventLoopLagMs: probeValue(watch, 'event_loop_lag'),
    oldestCommitMs: stores.ledger.stalledMs(),
  };
}

function connectivityFacts({ clock }: Edges, line: HqConnection): ConnectivityFacts {
  const { reachable: isReachable, lastReceiptAt } = line.state();
  return { isConfigured: line.isConfigured(), isReachable, lastReceiptAt, now: clock.now() };
}

function readinessFacts({ engine, line, stores }: ServedRooms): ReadinessFacts {
  return {
    isStarted: true,
    isStopping: false,
    engines: { local: engine.state().hasIntents, cloud: line.state().reachable, keyword: true },
    isLedgerWritable: !stores.ledger.stat().readOnly,
    answersUnrecorded: true,
  };
}

function statusSources(config: Config, edges: Edges, rooms: ServedRooms): StatusSources {
  const { watch, line, stores } = rooms;
  return {
    version: config.version,
    startedAt: edges.clock.now(),
    mode: () => watch.modes.mode(),
    health: () => watch.board.health(),
    probes: () => watch.board.states(),
    incidents: () => watch.board.incidents(),
    lanes: () => line.state().lanes,
    headquarters: () => ({
      configured: line.isConfigured(),
      reachable: line.state().reachable,
      lastReceiptAt: line.state().lastReceiptAt,
    }),
    today: () => stores.statistics.today(stores.today.state, edges.clock.now()),
  };
}
