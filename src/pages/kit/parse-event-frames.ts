/** One server-sent event. */
export type EventFrame = {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
};

function parseFrame(block: string): EventFrame | null {
  let event = 'message';
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    if (field === 'id') id = value;
  }
  return data.length === 0 ? null : { event, data: data.join('\n'), id };
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
