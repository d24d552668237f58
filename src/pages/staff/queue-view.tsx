import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { StaffView } from '../../domain/views.ts';
import { Loading } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import type { DeskAction, DeskState } from './desk-state.ts';
import { EscalationPane } from './escalation-pane.tsx';
import { EscalationSide } from './escalation-side.tsx';
import type { Pane } from './pane.ts';
import { QueueList } from './queue-list.tsx';
import { Refusal } from './refusal.tsx';
import type { StaffApi } from './staff-api.ts';
import type { Speech } from './strings.ts';
import { useStep } from './use-step.ts';

/** The queue, the open conversation, and what is known about it. */
export function QueueView(
  props: Speech & {
    readonly me: StaffView;
    readonly api: StaffApi;
    readonly state: DeskState;
    readonly dispatch: (action: DeskAction) => void;
  },
): JSX.Element {
  const { state, dispatch, api, strings } = props;
  const [pane, setPane] = useState<Pane>(state.detail ? 'talk' : 'list');
  const [draft, setDraft] = useState({ id: '', text: '' });
  const step = useStep(strings);
  const { detail } = state;

  const open = (id: string): void => {
    setPane('talk');
    if (detail?.escalation.id === id) return;
    dispatch({ type: 'detail', value: null });
    void step.run(
      () => api.escalation(id),
      (value) => dispatch({ type: 'detail', value }),
    );
  };
  const write = (text: string): void => {
    setDraft({ id: detail?.escalation.id ?? '', text });
    setPane('talk');
  };

  return (
    <main class="panes" data-pane={pane}>
      <h1 class="visually-hidden">{strings.queue}</h1>
      <QueueList
        {...props}
        rows={state.escalations}
        openId={detail?.escalation.id ?? null}
        onOpen={open}
      />
      {detail ? (
        <>
          <EscalationPane
            key={detail.escalation.id}
            {...props}
            detail={detail}
            draft={draft.id === detail.escalation.id ? draft.text : ''}
            onDraft={write}
            onPane={setPane}
          />
          <EscalationSide {...props} detail={detail} onUse={write} onPane={setPane} />
        </>
      ) : (
        <section class="pane pane-talk pane-empty">
          {step.isBusy ? (
            <Loading label={strings.loading} />
          ) : (
            <Notice icon="queue" title={strings.pickTitle} text={strings.pickText}>
              <Refusal text={step.refusal} />
            </Notice>
          )}
        </section>
      )}
    </main>
  );
}
