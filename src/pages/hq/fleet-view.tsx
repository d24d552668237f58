import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FleetRow } from '../../domain/views.ts';
import { Notice } from '../kit/notice.tsx';
import { ApplianceCard } from './appliance-card.tsx';
import { EventList } from './event-list.tsx';
import type { Speech } from './strings.ts';

/** Every appliance, and the events of the one that is open. */
export function FleetView(props: Speech & { readonly fleet: readonly FleetRow[] }): JSX.Element {
  const { fleet, strings } = props;
  const [openId, setOpenId] = useState<string | null>(null);
  const open = fleet.find((row) => row.appliance === openId) ?? fleet[0];
  if (!open) {
    return (
      <main>
        <Notice icon="branch" title={strings.empty} text={strings.emptyText} heading={1} />
      </main>
    );
  }
  return (
    <main class="fleet">
      <section class="fleet-list" aria-labelledby="fleet-title">
        <h1 id="fleet-title">{strings.appliances}</h1>
        <ul>
          {fleet.map((row) => (
            <li key={row.appliance}>
              <ApplianceCard
                {...props}
                row={row}
                isOpen={row === open}
                onOpen={() => setOpenId(row.appliance)}
              />
            </li>
          ))}
        </ul>
      </section>
      <EventList key={open.appliance} {...props} row={open} />
    </main>
  );
}
