/** One server-sent event. */
export type EventFrame = {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
};

/** Reads one line as field and value; null for a comment, which begins with a colon. */
function parseLine(line: string): { readonly field: string; readonly value: string } | null {
  const colon = line.indexOf(':');
  if (colon === 0) return null;
  if (colon < 0) return { field: line, value: '' };
  return { field: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') };
}

function parseFrame(block: string): EventFrame | null {
  const lines = block.split('\n').map(parseLine);
  const valuesOf = (field: string): readonly string[] =>
    lines.filter((line) => line?.field === field).map((line) => line?.value ?? '');
  const data = valuesOf('data');
  if (data.length === 0) return null;
  return {
    event: valuesOf('event').at(-1) ?? 'message',
    data: data.join('\n'),
    id: valuesOf('id').at(-1) ?? null,
  };
}

/**
 * Cuts the frames that are complete off a stream's text.
 *
 * @returns the frames, and the rest to put before the next piece
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function parseEventFrames(text: string): {
  readonly frames: readonly EventFrame[];
  readonly rest: string;
} {
  // A lone CR at the end may be the first half of CRLF: it waits for the next piece.
  const held = text.endsWith('\r') ? '\r' : '';
  const body = (held ? text.slice(0, -1) : text).replace(/\r\n?/g, '\n');
  const blocks = body.split('\n\n');
  const rest = (blocks.pop() ?? '') + held;
  const frames = blocks.map(parseFrame).filter((frame) => frame !== null);
  return { frames, rest };
}
