import type { Bilingual } from './language.ts';

/** How soon a person should care. */
export type Urgency = 'low' | 'normal' | 'high' | 'urgent';

/**
 * What the appliance does with an intent: `answer` it, fetch a `person`, `repeat` the last reply,
 * `restart` the conversation, or be `social` (a short courtesy without feedback buttons).
 */
export type Behaviour = 'answer' | 'person' | 'repeat' | 'restart' | 'social';

/** What a customer may want, as one pack declares it. Ids are `pack.intent`. */
export type Intent = {
  readonly id: string;
  readonly title: Bilingual;
  readonly category: string;
  readonly urgency: Urgency;
  readonly skill: string;
  readonly useWhen: Bilingual;
  readonly notWhen: Bilingual;
  /** One sentence for speech. */
  readonly short: Bilingual;
  /** The page's answer; may name facts as `{{fact}}`. */
  readonly answer: Bilingual;
  /** Ids of intents offered next. */
  readonly followUps: readonly string[];
  /** Id of a form (`pack.form`), when the business needs data. */
  readonly form: string | null;
  readonly behaviour: Behaviour;
  readonly utterances: { readonly zh: readonly string[]; readonly en: readonly string[] };
};

/** What a slot accepts. */
export type SlotKind =
  | 'name'
  | 'phone'
  | 'email'
  | 'text'
  | 'choice'
  | 'date'
  | 'amount'
  | 'digits4'
  | 'order_number';

/** One field of a form. */
export type Slot = {
  readonly name: string;
  readonly kind: SlotKind;
  readonly prompt: Bilingual;
  readonly optional: boolean;
  readonly choices: readonly { readonly value: string; readonly label: Bilingual }[];
};

/** A short form that becomes a ticket. Ids are `pack.form`. */
export type Form = {
  readonly id: string;
  readonly title: Bilingual;
  readonly category: string;
  readonly priority: Urgency;
  readonly skill: string;
  readonly slots: readonly Slot[];
};

/** Something only the branch knows: an address, an hour, a number to call. */
export type Fact = {
  readonly name: string;
  readonly title: Bilingual;
  readonly example: Bilingual;
};

/** One industry's intents, answers, forms and routing. */
export type Pack = {
  readonly id: string;
  readonly version: string;
  readonly title: Bilingual;
  readonly industry: string;
  readonly skills: Readonly<Record<string, Bilingual>>;
  readonly categories: Readonly<Record<string, Bilingual>>;
  readonly facts: readonly Fact[];
  readonly forms: readonly Form[];
  readonly intents: readonly Intent[];
};
