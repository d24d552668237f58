import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Choice } from '../../domain/session.ts';
import { Icon } from '../kit/icon.tsx';
import type { KioskStrings } from './strings.ts';
import { TurnItem } from './turn-item.tsx';
import type { VisitSession } from './visit-session.ts';
import type { Item, VisitState } from './visit-state.ts';

function Note(props: {
  readonly item: Extract<Item, { kind: 'note' }>;
  readonly strings: KioskStrings;
}): JSX.Element {
  const { strings, item } = props;
  const text = {
    joined: strings.joined(item.name ?? strings.someone),
    left: strings.personLeft,
    resolved: strings.personDone,
  }[item.note];
  return <p class="note">{text}</p>;
}

function PersonMessage(props: {
  readonly item: Extract<Item, { kind: 'message' }>;
  readonly strings: KioskStrings;
}): JSX.Element {
  const { message } = props.item;
  return (
    <article class="reply from-person">
      <h2>
        <Icon name="person" />
        {message.author ?? props.strings.someone}
      </h2>
      <p class="reply-paragraph">{message.text}</p>
    </article>
  );
}

/** The conversation so far; new replies are announced and brought into view. */
export function Conversation(props: {
  readonly state: VisitState;
  readonly session: VisitSession;
  readonly strings: KioskStrings;
  readonly onChoose: (choice: Choice) => void;
}): JSX.Element {
  const log = useRef<HTMLDivElement>(null);
  const { items } = props.state;
  const last = items.at(-1);
  const lastTurn = items.findLast((item) => item.kind === 'turn');
  const progress = `${items.length} ${last?.kind === 'turn' && (last.turn ?? last.problem) !== null}`;

  // Runs when the conversation has grown.
  useEffect(() => {
    const newest = log.current?.lastElementChild;
    newest?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  }, [progress]);

  return (
    // A long conversation must be reachable by arrow keys as well as by touch.
    <div
      ref={log}
      class="log"
      role="log"
      aria-live="polite"
      aria-label={props.strings.conversation}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus (WCAG 2.1.1)
      tabIndex={0}
    >
      {items.map((item) => (
        <div key={item.key} class="exchange">
          {item.kind === 'note' && <Note item={item} strings={props.strings} />}
          {item.kind === 'message' && <PersonMessage item={item} strings={props.strings} />}
          {item.kind === 'turn' && (
            <TurnItem
              item={item}
              strings={props.strings}
              isLast={item === lastTurn}
              onChoose={props.onChoose}
              onRate={(helpful) =>
                item.turn && props.session.rate(item.key, item.turn.number, helpful)
              }
              onRetry={() => props.session.retry(item.key, item.ask)}
            />
          )}
        </div>
      ))}
    </div>
  );
}
