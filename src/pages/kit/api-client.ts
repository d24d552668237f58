import type { Language } from '../../domain/language.ts';
import type { Problem } from '../../domain/views.ts';

/** What came of a request: a value, a refusal with its reason, or nobody there. */
export type Answer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'away' };

/** What every request of a page carries. */
export type Caller = { readonly language: Language; readonly token?: string | null };

/** Verb and body of one request. */
export type Call = {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
};

const TIMEOUT_MS = 15_000;

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'title' in body;

/** Builds the headers that say who asks and in which language. */
export function callerHeaders(caller: Caller): Record<string, string> {
  const headers: Record<string, string> = {
    'accept-language': caller.language === 'zh' ? 'zh-CN, en;q=0.5' : 'en, zh-CN;q=0.5',
  };
  if (caller.token) headers['authorization'] = `Bearer ${caller.token}`;
  return headers;
}

/**
 * Sends one request to the page's own server.
 *
 * The type of the value is taken on trust: page and server are one build, and the server parsed
 * what it sends. An answer that is not JSON of ours (a proxy's error page) counts as away.
 */
export async function request<T>(
  caller: Caller,
  path: string,
  call: Call = {},
): Promise<Answer<T>> {
  const headers = callerHeaders(caller);
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(path, {
      method: call.method ?? (call.body === undefined ? 'GET' : 'POST'),
      headers,
      body: call.body === undefined ? null : JSON.stringify(call.body),
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const body: unknown = text === '' ? null : JSON.parse(text);
    if (response.ok) return { kind: 'done', value: body as T };
    return isProblem(body) ? { kind: 'refused', problem: body } : { kind: 'away' };
  } catch {
    return { kind: 'away' };
  }
}
