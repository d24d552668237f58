import type { Config } from '../config/load-config.ts';
import { createSigningRequest } from '../platform/issue-certificate.ts';
import { HqConnection } from '../sync/hq-connection.ts';
import type { Edges } from './edges.ts';
import type { Stores } from './open-stores.ts';

/** Makes the line to headquarters; without one configured it stays silent. */
export function createHeadquartersLine(config: Config, edges: Edges, stores: Stores): HqConnection {
  const { ledger, enrolment, cursors } = stores;
  return new HqConnection({
    url: config.headquarters?.url ?? null,
    tokenFile: config.headquarters?.tokenFile ?? null,
    appliance: config.site.id,
    site: config.site.branch.zh,
    document: enrolment,
    ...{ cursors, ledger, reader: ledger, createSigningRequest },
    ...edges,
  });
}
