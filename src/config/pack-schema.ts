import { z } from 'zod';

const id = z.string().regex(/^[a-z][a-z0-9_]*$/, 'use lower case letters, digits and _');
const reference = z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'write it as pack.name');
const text = z.string().trim().min(1, 'must not be empty');
const bilingual = z.strictObject({ zh: text, en: text });
const urgency = z.enum(['low', 'normal', 'high', 'urgent']);
const slotKind = z.enum([
  'name',
  'phone',
  'email',
  'text',
  'choice',
  'date',
  'amount',
  'digits4',
  'order_number',
]);

const slot = z
  .strictObject({
    name: id,
    kind: slotKind,
    prompt: bilingual,
    optional: z.boolean().default(false),
    choices: z.array(z.strictObject({ value: id, label: bilingual })).default([]),
  })
  .refine((value) => (value.kind === 'choice') === value.choices.length > 0, {
    message: 'a slot has choices exactly when its kind is choice',
  });

const form = z.strictObject({
  title: bilingual,
  category: id,
  priority: urgency,
  skill: id,
  slots: z.array(slot).min(1).max(8),
});

/** One `pack.yaml`. */
export const PackFile = z.strictObject({
  id,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'write it as 1.2.3'),
  title: bilingual,
  industry: id,
  skills: z.record(id, bilingual),
  categories: z.record(id, bilingual),
  facts: z.record(id, z.strictObject({ title: bilingual, example: bilingual })).default({}),
  forms: z.record(id, form).default({}),
});

/** One `intents/<name>.yaml`. */
export const IntentFile = z.strictObject({
  id,
  title: bilingual,
  category: id,
  urgency,
  skill: id,
  useWhen: bilingual,
  notWhen: bilingual,
  short: bilingual,
  answer: bilingual,
  followUps: z.array(reference).max(4).default([]),
  form: id.nullable().default(null),
  behaviour: z.enum(['answer', 'person', 'repeat', 'restart', 'social']).default('answer'),
  utterances: z.strictObject({ zh: z.array(text).min(15), en: z.array(text).min(15) }),
});
