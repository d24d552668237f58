import type { JSX } from 'preact';
import type { Choice, Turn } from '../../domain/session.ts';
import { Icon } from '../kit/icon.tsx';
import { languageTag } from '../kit/page-language.ts';
import { ChoiceList } from './choice-list.tsx';
import { Rating } from './rating.tsx';
import { ReplyText } from './reply-text.tsx';
import type { KioskStrings } from './strings.ts';
import type { Item } from './visit-state.ts';

type TurnItemProps = {
  readonly item: Extract<Item, { kind: 'turn' }>;
  readonly strings: KioskStrings;
  /** Only the newest reply still offers its buttons. */
  readonly isLast: boolean;
  readonly onChoose: (choice: Choice) => void;
  readonly onRate: (helpful: boolean) => void;
  readonly onRetry: () => void;
};

function ReplyCard(props: TurnItemProps & { readonly turn: Turn }): JSX.Element {
  const { reply } = props.turn;
  // Words that go to a person get their answer from that person; how the wait stands, the card says.
  if (reply.route === 'relay') {
    return (
      <p class="delivered">
        <Icon name="done" />
        {props.strings.delivered}
      </p>
    );
  }
  return (
    <article class="reply" lang={languageTag(reply.language)} aria-label={props.strings.assistant}>
      {reply.title !== null && <h2>{reply.title}</h2>}
      <ReplyText text={reply.text} />
      {props.isLast && (
        <ChoiceList reply={reply} strings={props.strings} onChoose={props.onChoose} />
      )}
      {reply.route === 'answer' && (
        <Rating helpful={props.item.helpful} strings={props.strings} onRate={props.onRate} />
      )}
    </article>
  );
}

/** One question with its reply, its wait or its refusal. */
export function TurnItem(props: TurnItemProps): JSX.Element {
  const { item, strings } = props;
  return (
    <>
      <div class="said" lang={item.turn ? languageTag(item.turn.language) : undefined}>
        <span class="visually-hidden">{strings.you}: </span>
        {item.ask.label}
      </div>
      {item.turn && <ReplyCard {...props} turn={item.turn} />}
      {item.problem && (
        <div class="refusal" role="alert">
          <Icon name="alert" />
          <p>
            <strong>{strings.notSent}</strong>
            {item.problem.title}
          </p>
          <button type="button" class="button" onClick={props.onRetry}>
            <Icon name="again" />
            {strings.retry}
          </button>
        </div>
      )}
      {!item.turn && !item.problem && (
        <p class="thinking">
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {strings.thinking}
        </p>
      )}
    </>
  );
}
