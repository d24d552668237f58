import type { TLSSocket } from 'node:tls';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { InputError, ModelError } from '../../domain/errors.ts';
import type { Log, Projected, Understander } from '../../domain/ports.ts';
import { answerProblem } from '../problem.ts';
import { limitBody, readBody } from '../read-body.ts';
import { type Admission, AdmissionRequest } from './admission.ts';
import { BatchSchema, readBatch } from './batch.ts';
import type { Collector } from './collector.ts';
import { type FleetState, findAppliance } from './fleet-projection.ts';

const BATCH_BYTES = 1024 * 1024;
const SMALL_BYTES = 32 * 1024;

const Question = z.object({
  text: z.string().min(1).max(2000),
  language: z.enum(['zh', 'en']),
  deadlineMs: z.number().min(1).max(10_000),
});
const Epoch = z.coerce.number().int().positive();

/** What the appliances' listener needs. */
export type CollectorAppOptions = {
  readonly collector: Collector;
  readonly admission: Admission;
  readonly fleet: Projected<FleetState>;
  /** Answers for appliances whose own engine is away; null when headquarters has none. */
  readonly understander: Understander | null;
  /** Says whether events can be stored. */
  readonly isReady: () => Promise<boolean>;
  readonly log: Log;
};

type Env = { Bindings: HttpBindings; Variables: { appliance: string } };

/**
 * Builds what appliances talk to.
 *
 * Only enrolment and liveness are open; everything else needs the certificate that the appliance
 * got at its last enrolment.
 */
export function createCollectorApp(options: CollectorAppOptions): Hono<Env> {
  const { collector, admission, fleet, log } = options;
  const app = new Hono<Env>();
  app.onError((error, context) => answerProblem(context, error, log));
  app.notFound((context) => answerProblem(context, notFound(context.req.path), log));

  app.get('/livez', (context) => context.text('ok'));
  app.get('/readyz', async (context) =>
    (await options.isReady()) ? context.text('ok') : context.text('the ledger is read-only', 503),
  );
  app.post('/v1/enrol', limitBody(SMALL_BYTES), async (context) => {
    const request = await readBody(context, AdmissionRequest, 'SYNC_ENROLMENT_REFUSED');
    const admitted = await admission.admit(request);
    log.info('an appliance was enrolled', { appliance: request.appliance, epoch: admitted.epoch });
    return context.json(admitted);
  });

  // Whatever is added below is closed to strangers, also an address that does not exist.
  app.use('*', async (context, next) => {
    context.set('appliance', identify(context, fleet.state));
    await next();
  });
  app.post('/v1/events', limitBody(BATCH_BYTES), async (context) => {
    const batch = readBatch(await readBody(context, BatchSchema, 'SYNC_BATCH_INVALID'));
    if (batch.appliance !== context.get('appliance')) {
      throw refused(`the certificate is for ${context.get('appliance')}, not ${batch.appliance}`);
    }
    const { kind, ...outcome } = await collector.receive(batch);
    return kind === 'gap' ? answerGap(context, outcome) : context.json(outcome);
  });
  app.get('/v1/watermarks', (context) => {
    const epoch = Epoch.safeParse(context.req.query('epoch'));
    if (!epoch.success) {
      throw new InputError('HTTP_INPUT_INVALID', {
        detail: '"epoch" is not a whole number from 1',
      });
    }
    return context.json({
      receipts: collector.watermarks(context.get('appliance'), epoch.data),
    });
  });
  app.post('/v1/understand', limitBody(SMALL_BYTES), async (context) => {
    const { text, deadlineMs } = await readBody(context, Question);
    const { understander } = options;
    if (understander === null) {
      throw new ModelError('MODEL_NOT_READY', { detail: 'headquarters runs without an engine' });
    }
    const understanding = await understander.understand(text, deadlineMs);
    return context.json({ ...understanding, thresholds: understander.thresholds() });
  });
  return app;
}

function answerGap(context: Context, outcome: object): Response {
  const problem = { code: 'SYNC_SEQUENCE_GAP', detail: 'send again from after the watermark' };
  return context.body(JSON.stringify({ ...problem, status: 409, ...outcome }), 409, {
    'content-type': 'application/problem+json',
  });
}

/** Reads who calls from the TLS connection, at every request: a certificate can be replaced. */
function identify(context: Context<Env>, fleet: FleetState): string {
  const socket = context.env.incoming.socket as TLSSocket;
  if (!socket.authorized) {
    throw refused('a client certificate of this headquarters is needed: enrol the appliance');
  }
  const certificate = socket.getPeerCertificate();
  const appliance = z.string().catch('').parse(certificate.subject?.CN);
  const enrolled = findAppliance(fleet, appliance);
  if (enrolled === null) throw refused(`no appliance "${appliance}" is enrolled`);
  if (certificate.fingerprint256.replaceAll(':', '').toLowerCase() !== enrolled.fingerprint) {
    throw refused(`${appliance} was enrolled again since: this certificate was replaced`);
  }
  return appliance;
}

function refused(detail: string): InputError {
  return new InputError('SYNC_HQ_REFUSED', { detail });
}

function notFound(path: string): InputError {
  return new InputError('HTTP_NOT_FOUND', { detail: `there is nothing at ${path}` });
}
