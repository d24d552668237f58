import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ChatMessage } from '../../domain/desk.ts';
import type { Turn } from '../../domain/session.ts';
import type { EscalationDetail } from '../../domain/views.ts';
import { formatClock } from '../kit/format.ts';
import { languageTag } from '../kit/page-language.ts';
import { ReceiptLine } from './receipt-line.tsx';
import type { Speech } from './strings.ts';

type Entry =
  | { readonly at: number; readonly turn: Turn }
  | { readonly at: number; readonly message: ChatMessage };

/** Puts turns and chat into one order; a turn that was only passed on stands there once. */
function entriesOf(detail: EscalationDetail): readonly Entry[] {
  const relayed = new Set(
    detail.messages.filter((one) => one.from === 'customer').map((one) => one.text),
  );
  const turns = detail.turns.filter(
    (turn) => !(turn.reply.route === 'relay' && relayed.has(turn.text)),
  );
  const entries: readonly Entry[] = [
    ...turns.map((turn) => ({ at: turn.at, turn })),
    ...detail.messages.map((message) => ({ at: message.at, message })),
  ];
  return entries.toSorted((a, b) => a.at - b.at);
}

function TurnEntry(props: Speech & { readonly turn: Turn }): JSX.Element {
  const { turn, strings, language } = props;
  const { reply } = turn;
  return (
    <>
      <div class="line from-customer">
        <p class="line-who">
          {strings.customer} <time>{formatClock(turn.at, language)}</time>
        </p>
        <p class="line-text" lang={languageTag(turn.language)}>
          {turn.text}
        </p>
      </div>
      {(reply.text !== '' || reply.title !== null) && (
        <div class="line from-bot">
          <p class="line-who">{strings.bot}</p>
          <div class="line-text" lang={languageTag(reply.language)}>
            {reply.title !== null && <strong>{reply.title}</strong>}
            <p>{reply.text}</p>
          </div>
          <ReceiptLine receipt={turn.receipt} language={language} strings={strings} />
        </div>
      )}
    </>
  );
}

function MessageEntry(props: Speech & { readonly message: ChatMessage }): JSX.Element {
  const { message, strings } = props;
  const isCustomer = message.from === 'customer';
  return (
    <div class={isCustomer ? 'line from-customer' : 'line from-agent'}>
      <p class="line-who">
        {isCustomer ? strings.customer : message.author}{' '}
        <time>{formatClock(message.at, props.language)}</time>
      </p>
      <p class="line-text">{message.text}</p>
    </div>
  );
}

/** The whole conversation, newest at the bottom, with a receipt under every reply. */
export function Transcript(props: Speech & { readonly detail: EscalationDetail }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const entries = entriesOf(props.detail);
  // Runs when a line is added.
  useEffect(() => {
    place.current?.scrollTo({ top: place.current.scrollHeight });
  }, [entries.length]);
  return (
    <div
      ref={place}
      class="transcript"
      role="log"
      aria-label={props.strings.transcript}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus (WCAG 2.1.1)
      tabIndex={0}
    >
      {entries.map((entry) =>
        'turn' in entry ? (
          <TurnEntry
            key={`turn-${entry.turn.number}`}
            turn={entry.turn}
            language={props.language}
            strings={props.strings}
          />
        ) : (
          <MessageEntry
            key={`message-${entry.at}-${entry.message.text}`}
            message={entry.message}
            language={props.language}
            strings={props.strings}
          />
        ),
      )}
    </div>
  );
}
