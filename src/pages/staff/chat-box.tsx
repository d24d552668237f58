import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { EscalationDetail } from '../../domain/views.ts';
import { Icon } from '../kit/icon.tsx';
import type { DeskAction } from './desk-state.ts';
import { Refusal } from './refusal.tsx';
import type { StaffApi } from './staff-api.ts';
import type { StaffStrings } from './strings.ts';
import { useStep } from './use-step.ts';

const LONGEST = 1000;

/** Writes to the customer; a refused message stays in the field. */
export function ChatBox(props: {
  readonly api: StaffApi;
  readonly strings: StaffStrings;
  readonly detail: EscalationDetail;
  readonly draft: string;
  readonly dispatch: (action: DeskAction) => void;
  readonly onDraft: (text: string) => void;
}): JSX.Element {
  const { strings, draft } = props;
  const { id } = props.detail.escalation;
  const step = useStep(strings);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);

  const send = (event: Event): void => {
    event.preventDefault();
    const text = draft.trim();
    if (text === '' || step.isBusy) return;
    void step.run(
      () => props.api.say(id, text),
      (message) => {
        props.dispatch({ type: 'message', value: { escalationId: id, message } });
        props.onDraft('');
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter also confirms a word in a Chinese input method: that one is not ours.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event);
  };

  return (
    <form class="chat-box" onSubmit={send}>
      <Refusal text={step.refusal} />
      <label class="visually-hidden" for="message">
        {strings.messageLabel}
      </label>
      <textarea
        ref={field}
        id="message"
        class="field"
        rows={2}
        maxLength={LONGEST}
        placeholder={strings.messagePlaceholder}
        value={draft}
        onInput={(event) => props.onDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" class="button primary" disabled={step.isBusy || draft.trim() === ''}>
        <Icon name="send" />
        {strings.send}
      </button>
    </form>
  );
}
