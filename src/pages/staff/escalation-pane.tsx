import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { EscalationDetail, EscalationView, StaffView } from '../../domain/views.ts';
import { Icon } from '../kit/icon.tsx';
import { languageTag } from '../kit/page-language.ts';
import { ChatBox } from './chat-box.tsx';
import type { DeskAction } from './desk-state.ts';
import type { Pane } from './pane.ts';
import { Refusal } from './refusal.tsx';
import { ResolveForm } from './resolve-form.tsx';
import type { StaffApi } from './staff-api.ts';
import type { Speech } from './strings.ts';
import { Transcript } from './transcript.tsx';
import { type Step, useStep } from './use-step.ts';

type EscalationPaneProps = Speech & {
  readonly me: StaffView;
  readonly api: StaffApi;
  readonly detail: EscalationDetail;
  readonly draft: string;
  readonly dispatch: (action: DeskAction) => void;
  readonly onDraft: (text: string) => void;
  readonly onPane: (pane: Pane) => void;
};

function Standing(props: EscalationPaneProps): JSX.Element {
  const { escalation } = props.detail;
  const { strings } = props;
  const isLeft = escalation.outcome === 'customer_left';
  const text =
    escalation.status === 'resolved'
      ? isLeft
        ? strings.customerLeft
        : strings.resolvedNote
      : escalation.status === 'claimed'
        ? strings.heldByOther(escalation.holderName ?? escalation.holder ?? '')
        : strings.claimFirst;
  return <p class="standing">{text}</p>;
}

function Buttons(
  props: EscalationPaneProps & { readonly step: Step; readonly onResolve: () => void },
): JSX.Element | null {
  const { api, strings, step, dispatch } = props;
  const { id, status, holder } = props.detail.escalation;
  const shown = (value: EscalationView): void => dispatch({ type: 'escalation', value });
  if (status === 'waiting') {
    return (
      <button
        type="button"
        class="button primary"
        disabled={step.isBusy}
        onClick={() => void step.run(() => api.claim(id), shown)}
      >
        {strings.claim}
      </button>
    );
  }
  if (status !== 'claimed' || holder !== props.me.name) return null;
  return (
    <>
      <button
        type="button"
        class="button quiet"
        disabled={step.isBusy}
        onClick={() => void step.run(() => api.release(id), shown)}
      >
        {strings.release}
      </button>
      <button type="button" class="button primary" onClick={props.onResolve}>
        <Icon name="done" />
        {strings.resolve}
      </button>
    </>
  );
}

/** The open conversation: head, transcript, and whatever may be done with it now. */
export function EscalationPane(props: EscalationPaneProps): JSX.Element {
  const { detail, strings, me } = props;
  const { escalation } = detail;
  const step = useStep(strings);
  const [isResolving, setResolving] = useState(false);
  const isMine = escalation.status === 'claimed' && escalation.holder === me.name;
  return (
    <section class="pane pane-talk" aria-labelledby="talk-title">
      <header class="talk-head">
        <button type="button" class="button quiet phone-only" onClick={() => props.onPane('list')}>
          <Icon name="back" />
          {strings.back}
        </button>
        <h2 id="talk-title" lang={languageTag(escalation.language)}>
          {escalation.summary}
        </h2>
        <div class="talk-buttons">
          <button
            type="button"
            class="button quiet phone-only"
            onClick={() => props.onPane('side')}
          >
            {strings.details}
          </button>
          <Buttons {...props} step={step} onResolve={() => setResolving(true)} />
        </div>
      </header>
      <Refusal text={step.refusal} />
      <Transcript detail={detail} language={props.language} strings={strings} />
      {isMine && isResolving && <ResolveForm {...props} onClose={() => setResolving(false)} />}
      {isMine && !isResolving && <ChatBox {...props} />}
      {!isMine && <Standing {...props} />}
    </section>
  );
}
