import { type Caller, callerHeaders } from './api-client.ts';
import { type EventFrame, parseEventFrames } from './parse-event-frames.ts';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

type Stream = {
  readonly url: string;
  readonly caller: Caller;
  readonly onFrame: (frame: EventFrame) => void;
  /** Called when the line is back after a gap, in which frames may have been missed. */
  readonly onReconnected: () => void;
  readonly signal: AbortSignal;
};

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Reads one connection to its end; returns the last event id and whether anything arrived. */
async function readOnce(
  stream: Stream,
  lastId: string | null,
  isFirst: boolean,
): Promise<{ lastId: string | null; heard: boolean }> {
  const headers = callerHeaders(stream.caller);
  if (lastId !== null) headers['last-event-id'] = lastId;
  const response = await fetch(stream.url, { headers, cache: 'no-store', signal: stream.signal });
  if (!response.ok || !response.body) return { lastId, heard: false };
  if (!isFirst) stream.onReconnected();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let id = lastId;
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { lastId: id, heard: true };
    const parsed = parseEventFrames(rest + value);
    rest = parsed.rest;
    for (const frame of parsed.frames) {
      id = frame.id ?? id;
      stream.onFrame(frame);
    }
  }
}

/**
 * Follows server-sent events with headers, which EventSource cannot send.
 *
 * Connects again with full-jitter back-off and `Last-Event-ID` until the signal aborts.
 */
export async function followEvents(stream: Stream): Promise<void> {
  let lastId: string | null = null;
  let delayMs = FIRST_DELAY_MS;
  let isFirst = true;
  while (!stream.signal.aborted) {
    try {
      const read = await readOnce(stream, lastId, isFirst);
      lastId = read.lastId;
      if (read.heard) delayMs = FIRST_DELAY_MS;
    } catch {
      // The line dropped: the loop connects again.
    }
    isFirst = false;
    await pause(delayMs / 2 + (Math.random() * delayMs) / 2, stream.signal);
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
  }
}
