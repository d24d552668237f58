import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Language } from '../../domain/language.ts';
import type { StaffView } from '../../domain/views.ts';
import { AccountsView } from './accounts-view.tsx';
import { QueueView } from './queue-view.tsx';
import type { StaffApi } from './staff-api.ts';
import { StatusPanel } from './status-panel.tsx';
import type { Speech } from './strings.ts';
import { TicketsView } from './tickets-view.tsx';
import { type Area, TopBar } from './top-bar.tsx';
import { useDesk } from './use-desk.ts';
import { heldBy, useHeartbeat } from './use-heartbeat.ts';

/** Everything a signed-in person works with. */
export function Workbench(
  props: Speech & {
    readonly me: StaffView;
    readonly api: StaffApi;
    readonly onLanguage: (language: Language) => void;
    readonly onSignedOut: () => void;
  },
): JSX.Element {
  const { api, me, strings, language } = props;
  const [area, setArea] = useState<Area>('queue');
  const { state, dispatch } = useDesk(api, props.onSignedOut);
  useHeartbeat(heldBy(state.escalations, me.name), api, dispatch);

  const waiting = (state.escalations ?? []).filter((row) => row.status === 'waiting').length;
  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${strings.product}` : strings.product;
  }, [waiting, strings]);

  const signOut = async (): Promise<void> => {
    await api.signOut();
    props.onSignedOut();
  };

  return (
    <div class="workbench">
      <TopBar
        me={me}
        language={language}
        strings={strings}
        area={area}
        waiting={waiting}
        status={state.status}
        onArea={setArea}
        onLanguage={props.onLanguage}
        onSignOut={() => void signOut()}
      />
      <p class="live-banner" role="status">
        {!state.isLive && strings.reconnecting}
      </p>
      {area === 'queue' && (
        <QueueView
          me={me}
          api={api}
          state={state}
          dispatch={dispatch}
          language={language}
          strings={strings}
        />
      )}
      {area === 'tickets' && (
        <TicketsView
          api={api}
          tickets={state.tickets}
          dispatch={dispatch}
          language={language}
          strings={strings}
        />
      )}
      {area === 'status' && (
        <StatusPanel status={state.status} language={language} strings={strings} />
      )}
      {area === 'accounts' && <AccountsView api={api} strings={strings} />}
    </div>
  );
}
