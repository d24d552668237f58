import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import { SyncError } from '../../domain/errors.ts';

/** Longest answer that is read. */
const ANSWER_BYTES = 1024 * 1024;

/** One request. */
export type HttpsCall = {
  readonly agent: Agent;
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly body?: { readonly contentType: string; readonly text: string };
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

/** Status and parsed JSON body of an answer; null when the body is not JSON. */
export type HttpsAnswer = { readonly status: number; readonly body: unknown };

/** Failures of verifying the other side, as OpenSSL and Node name them. */
const NOT_TRUSTED =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY)|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * Sends one request over a kept connection and reads the JSON answer.
 *
 * @throws SyncError SYNC_HQ_UNREACHABLE; SYNC_HQ_NOT_TRUSTED when TLS does not accept the other side
 */
export async function requestJson(call: HttpsCall): Promise<HttpsAnswer> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), call.timeoutMs);
  const abort = (): void => deadline.abort();
  call.signal?.addEventListener('abort', abort, { once: true });
  if (call.signal?.aborted) abort();
  try {
    return await exchange(call, deadline.signal, true);
  } catch (error) {
    throw describeFailure(call, error, deadline.signal.aborted);
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', abort);
  }
}

async function exchange(
  call: HttpsCall,
  signal: AbortSignal,
  mayRepeat: boolean,
): Promise<HttpsAnswer> {
  const text = call.body?.text ?? '';
  const outgoing = request(call.url, {
    agent: call.agent,
    method: call.method,
    signal,
    headers: {
      accept: 'application/json',
      'content-length': Buffer.byteLength(text),
      ...(call.body === undefined ? {} : { 'content-type': call.body.contentType }),
    },
  });
  try {
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.on('response', resolve).on('error', reject).end(text);
    });
    return { status: incoming.statusCode ?? 0, body: await readJson(incoming) };
  } catch (error) {
    // The other side closed a kept connection just as we used it. All our requests are harmless twice.
    const wasClosed = (error as NodeJS.ErrnoException).code === 'ECONNRESET';
    if (mayRepeat && wasClosed && outgoing.reusedSocket) return exchange(call, signal, false);
    throw error;
  }
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES) {
      incoming.destroy();
      throw new SyncError('SYNC_HQ_UNREACHABLE', {
        detail: `the answer is longer than ${ANSWER_BYTES} bytes: is this address headquarters?`,
      });
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}

function describeFailure(call: HttpsCall, error: unknown, isAborted: boolean): SyncError {
  if (error instanceof SyncError) return error;
  const where = `${call.method} ${call.url.origin}${call.url.pathname}`;
  const { code = 'no code', message } = error as NodeJS.ErrnoException;
  if (isAborted) {
    const why = call.signal?.aborted ? 'was given up' : `took longer than ${call.timeoutMs} ms`;
    return new SyncError('SYNC_HQ_UNREACHABLE', { detail: `${where} ${why}`, cause: error });
  }
  if (NOT_TRUSTED.test(code)) {
    return new SyncError('SYNC_HQ_NOT_TRUSTED', {
      detail: `${where}: TLS does not accept the other side (${code}: ${message}); check the address, and enrol again if headquarters was rebuilt`,
      cause: error,
    });
  }
  return new SyncError('SYNC_HQ_UNREACHABLE', { detail: `${where}: ${code}`, cause: error });
}
