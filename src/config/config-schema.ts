import { z } from 'zod';

const text = z.string().trim().min(1, 'must not be empty');
const bilingual = z.strictObject({ zh: text, en: text });
const port = z.int().min(0).max(65_535);
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,40}$/, 'use 2–41 lower case letters, digits and -');

function isTimeZone(value: string): boolean {
  return value === 'UTC' || Intl.supportedValuesOf('timeZone').includes(value);
}

/** `firmware-config/sites/<site>.yaml`: one branch. */
export const SiteFile = z.strictObject({
  id: name,
  branch: bilingual,
  /** IANA name; says when a day begins. */
  timeZone: z
    .string()
    .default('Asia/Shanghai')
    .refine(isTimeZone, { message: 'write an IANA time zone, such as Asia/Shanghai' }),
  /** Device profile under `firmware-config/profiles/`. */
  profile: name,
  packs: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/)).min(1, 'activate at least one pack'),
  /** Intents on the start screen, in this order. */
  topics: z.array(z.string().regex(/^[a-z0-9_]+\.[a-z0-9_]+$/)).max(12),
  facts: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), bilingual).default({}),
  listen: z
    .strictObject({
      host: text.default('0.0.0.0'),
      httpsPort: port.default(8443),
      httpPort: port.nullable().default(8080),
      /** Names and addresses that the certificate is made out to, besides this machine's own. */
      names: z.array(text).default([]),
    })
    .prefault({}),
  visits: z
    .strictObject({
      idleSeconds: z.int().min(20).max(900).default(90),
      limit: z.int().min(1).max(10_000).default(1_000),
      turnsPerSecond: z.number().positive().default(4),
      opensPerSecond: z.number().positive().default(4),
    })
    .prefault({}),
  desk: z.strictObject({ leaseSeconds: z.int().min(10).max(600).default(45) }).prefault({}),
  answers: z
    .strictObject({
      /** Share of answers that may be wrong; the thresholds are fitted to it. */
      statedErrorRate: z.number().min(0.001).max(0.5).default(0.05),
      /** Understanding that takes longer goes to headquarters or to the keyword list. */
      turnBudgetMs: z.int().min(50).max(10_000).default(2_000),
    })
    .prefault({}),
  headquarters: z
    .strictObject({ url: z.url({ protocol: /^https$/ }) })
    .nullable()
    .default(null),
});

/** `needed` of the last `of` readings beyond a limit count; null never does. */
const probeLimits = z
  .strictObject({
    warn: z.number().nullable(),
    fail: z.number().nullable(),
    needed: z.int().min(1).max(60),
    of: z.int().min(1).max(60),
  })
  .refine((limits) => limits.needed <= limits.of, { message: 'needed must not be more than of' });
const probeName = z.enum([
  'cpu_load',
  'temperature',
  'memory_free',
  'disk_free',
  'event_loop_lag',
  'heap_used',
  'inference_latency',
  'inference_alive',
  'ledger_sync',
  'ledger_writable',
  'headquarters',
  'certificate_days',
  'clock_step',
]);

/** `firmware-config/profiles/<profile>.yaml`: one kind of machine. */
export const ProfileFile = z.strictObject({
  id: name,
  title: bilingual,
  engine: z.strictObject({
    /** Folder of the encoder under `models/`. */
    encoder: text.default('encoder'),
    threads: z.int().min(1).max(64),
    queueLimit: z.int().min(8).max(10_000).default(512),
  }),
  watch: z.strictObject({
    everySeconds: z.int().min(1).max(300),
    /** Limits that differ from the standard ones; in the probe's unit. */
    limits: z.partialRecord(probeName, probeLimits).default({}),
  }),
});

/** An empty variable is a mistake, not port 0. */
const typedPort = z
  .string()
  .regex(/^\d{1,5}$/, 'write a port number')
  .transform(Number)
  .pipe(port);

/** What `ZHANGGUI_*` variables may set; everything else is in files. */
export const Environment = z.object({
  ZHANGGUI_SITE: text.optional(),
  ZHANGGUI_DATA: text.optional(),
  ZHANGGUI_MODEL_CACHE: text.optional(),
  ZHANGGUI_HOST: text.optional(),
  ZHANGGUI_HTTPS_PORT: typedPort.optional(),
  ZHANGGUI_HTTP_PORT: z.union([z.literal('off'), typedPort]).optional(),
  ZHANGGUI_HQ_URL: z.url({ protocol: /^https$/ }).optional(),
  ZHANGGUI_HQ_TOKEN_FILE: text.optional(),
  ZHANGGUI_PASSPHRASE: z.string().min(12, 'use at least 12 characters').optional(),
  ZHANGGUI_KEY_FILE: text.optional(),
  ZHANGGUI_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
  ZHANGGUI_TURNS_PER_SECOND: z.coerce.number().positive().optional(),
  NOTIFY_SOCKET: z.string().optional(),
});
