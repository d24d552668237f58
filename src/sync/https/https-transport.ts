import { Agent } from 'node:https';
import { z } from 'zod';
import type { ErrorCode } from '../../domain/error-catalogue.ts';
import { SyncError } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import { BATCH_CONTENT_TYPE, type CloudEvent } from '../cloud-event.ts';
import type {
  CloudAnswer,
  EnrolGrant,
  EnrolRequest,
  HqTransport,
  SendOutcome,
} from '../hq-transport.ts';
import { type Receipt, ReceiptSchema } from '../receipt.ts';
import { type HttpsAnswer, requestJson } from './https-request.ts';

const REQUEST_TIMEOUT_MS = 15_000;
const JSON_TYPE = 'application/json';

const Accepted = z.object({ receipt: ReceiptSchema, duplicates: z.int().nonnegative() });
const Gap = z.object({ receipt: ReceiptSchema });
const Watermarks = z.object({ receipts: z.array(ReceiptSchema) });
const Grant = z.object({
  certPem: z.string(),
  receiptKeyPem: z.string(),
  epoch: z.int().positive(),
});
const Probability = z.number().min(0).max(1);
const Answer = z.object({
  candidates: z.array(z.object({ intent: z.string(), probability: Probability })).max(5),
  nearest: z.object({ intent: z.string(), text: z.string(), similarity: z.number() }).nullable(),
  stagesMs: z.object({
    queue: z.number(),
    tokenise: z.number(),
    encode: z.number(),
    classify: z.number(),
  }),
  thresholds: z.object({ absolute: Probability, margin: Probability, choose: Probability }),
});
const Refusal = z.object({ code: z.string(), detail: z.string() });

/** Where headquarters is and how both sides prove who they are. */
export type HttpsTransportOptions = {
  /** `https://host:port` of the collector. */
  readonly url: string;
  /** Headquarters' authority, pinned at enrolment. */
  readonly caPem: string;
  /** This box's own certificate; null before it is enrolled. */
  readonly identity: { readonly certPem: string; readonly keyPem: string } | null;
};

/** Speaks to headquarters over mutual TLS with kept connections. */
export class HttpsTransport implements HqTransport {
  readonly #options: HttpsTransportOptions;
  #agent: Agent | null = null;

  constructor(options: HttpsTransportOptions) {
    this.#options = options;
  }

  async sendBatch(batch: readonly CloudEvent[], signal: AbortSignal): Promise<SendOutcome> {
    const answer = await this.#post('/v1/events', BATCH_CONTENT_TYPE, batch, { signal });
    if (answer.status === 409) return { kind: 'gap', receipt: read(Gap, answer).receipt };
    refuseUnlessOk(answer, { 400: 'SYNC_BATCH_INVALID', 413: 'SYNC_BATCH_INVALID' });
    return { kind: 'accepted', ...read(Accepted, answer) };
  }

  async watermarks(epoch: number, signal: AbortSignal): Promise<readonly Receipt[]> {
    const answer = await requestJson({
      agent: this.#openAgent(),
      url: new URL(`/v1/watermarks?epoch=${epoch}`, this.#options.url),
      method: 'GET',
      timeoutMs: REQUEST_TIMEOUT_MS,
      signal,
    });
    refuseUnlessOk(answer);
    return read(Watermarks, answer).receipts;
  }

  async understand(text: string, language: Language, deadlineMs: number): Promise<CloudAnswer> {
    const question = { text, language, deadlineMs: Math.round(deadlineMs) };
    const answer = await this.#post('/v1/understand', JSON_TYPE, question, {
      timeoutMs: deadlineMs,
    });
    refuseUnlessOk(answer);
    return read(Answer, answer);
  }

  async enrol(request: EnrolRequest): Promise<EnrolGrant> {
    const answer = await this.#post('/v1/enrol', JSON_TYPE, request, {});
    const code = 'SYNC_ENROLMENT_REFUSED';
    refuseUnlessOk(answer, { 400: code, 401: code, 403: code, 409: code });
    return read(Grant, answer);
  }

  close(): void {
    this.#agent?.destroy();
    this.#agent = null;
  }

  #openAgent(): Agent {
    this.#agent ??= new Agent({
      keepAlive: true,
      // One for delivery, the rest for customers who wait: neither stands behind the other.
      maxSockets: 8,
      scheduling: 'lifo',
      minVersion: 'TLSv1.2',
      ca: this.#options.caPem,
      ...(this.#options.identity === null
        ? {}
        : { cert: this.#options.identity.certPem, key: this.#options.identity.keyPem }),
    });
    return this.#agent;
  }

  #post(
    path: string,
    contentType: string,
    body: unknown,
    limits: { readonly signal?: AbortSignal; readonly timeoutMs?: number },
  ): Promise<HttpsAnswer> {
    return requestJson({
      agent: this.#openAgent(),
      url: new URL(path, this.#options.url),
      method: 'POST',
      body: { contentType, text: JSON.stringify(body) },
      timeoutMs: REQUEST_TIMEOUT_MS,
      ...limits,
    });
  }
}

function read<T>(schema: z.ZodType<T>, answer: HttpsAnswer): T {
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  throw new SyncError('SYNC_HQ_UNREACHABLE', {
    detail: `headquarters answered ${answer.status} with something else than agreed: ${z.prettifyError(parsed.error)}`,
  });
}

function refuseUnlessOk(
  answer: HttpsAnswer,
  codes: Readonly<Record<number, ErrorCode>> = {},
): void {
  if (answer.status === 200) return;
  const refusal = Refusal.safeParse(answer.body);
  const why = refusal.success ? `${refusal.data.code}, ${refusal.data.detail}` : 'no reason given';
  throw new SyncError(codes[answer.status] ?? codeOf(answer.status), {
    detail: `headquarters answered ${answer.status}: ${why}`,
  });
}

/** Too many requests and every failure on its side pass; other refusals stay until somebody acts. */
function codeOf(status: number): ErrorCode {
  return status === 429 || status >= 500 ? 'SYNC_HQ_UNREACHABLE' : 'SYNC_HQ_REFUSED';
}
