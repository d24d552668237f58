/** A piece of a reply: a paragraph, or numbered steps. */
export type ReplyBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'steps'; readonly steps: readonly string[] };

const STEP = /^\s*\d+[.、．]\s*(?=\S)/u;

/** Reads a reply's text: blank lines part paragraphs, lines that begin with `1. ` are steps. */
export function parseReplyText(text: string): readonly ReplyBlock[] {
  const blocks: ReplyBlock[] = [];
  let steps: string[] = [];
  let lines: string[] = [];
  const flush = (): void => {
    if (steps.length > 0) blocks.push({ kind: 'steps', steps });
    if (lines.length > 0) blocks.push({ kind: 'paragraph', text: lines.join('\n') });
    steps = [];
    lines = [];
  };
  for (const line of text.split(/\r?\n/)) {
    const isStep = STEP.test(line);
    if (isStep !== steps.length > 0 && line.trim() !== '') flush();
    if (isStep) steps.push(line.replace(STEP, ''));
    else if (line.trim() === '' && lines.length > 0) flush();
    else if (line.trim() !== '') lines.push(line.trim());
  }
  flush();
  return blocks;
}
