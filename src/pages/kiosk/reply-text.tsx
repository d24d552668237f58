import type { JSX } from 'preact';
import { parseReplyText } from './parse-reply-text.ts';

/** Draws a reply's paragraphs and steps. */
export function ReplyText(props: { readonly text: string }): JSX.Element {
  return (
    <>
      {parseReplyText(props.text).map((block) =>
        block.kind === 'steps' ? (
          <ol key={block.steps.join()} class="steps">
            {block.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        ) : (
          <p key={block.text} class="reply-paragraph">
            {block.text}
          </p>
        ),
      )}
    </>
  );
}
