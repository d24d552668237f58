import type { Config } from '../config/load-config.ts';
import { deskProjection } from '../desk/desk-projection.ts';
import { visitsProjection } from '../dialogue/visits-projection.ts';
import { laneOf, type NewEvent } from '../domain/events.ts';
import { initialDeliveryCursors, parseDeliveryCursors } from '../sync/delivery-cursor.ts';
import { parseStoredEnrolment } from '../sync/enrolment.ts';
import { accountsProjection } from '../trust/accounts-projection.ts';
import { Vault } from '../vault/vault.ts';
import { incidentsProjection } from '../watch/incidents-projection.ts';
import { createTurnStatistics } from '../watch/turn-statistics.ts';
import type { Edges } from './edges.ts';

/** Prepares the vault and names everything that is kept in it; nothing is opened yet. */
export function openStores({ key, site }: Config, { files, clock, log }: Edges) {
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
  const statistics = createTurnStatistics(site.timeZone);
  return {
    vault,
    ledger,
    personal,
    visits: documents.project(visitsProjection),
    desk: documents.project(deskProjection),
    accounts: documents.project(accountsProjection),
    incidents: documents.project(incidentsProjection),
    statistics,
    today: documents.project(statistics.projection),
    enrolment: documents.sealedDocument('enrolment', parseStoredEnrolment, { current: null }),
    cursors: documents.sealedDocument('delivery', parseDeliveryCursors, initialDeliveryCursors()),
  };
}

/** The vault with its projections and documents. */
export type Stores = ReturnType<typeof openStores>;
