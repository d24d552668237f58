import type { Health, Mode } from './health.ts';
import type { Language } from './language.ts';

/** Where the customer speaks to us. */
export type Channel = 'kiosk' | 'web' | 'app';

/** How a turn was dealt with. */
export type Route =
  | 'answer'
  | 'choose'
  | 'rephrase'
  | 'handoff'
  | 'relay'
  | 'form'
  | 'social'
  | 'fallback';

/** Who understood the turn. `button`: the customer tapped the intent, nobody had to. */
export type Engine = 'local' | 'cloud' | 'keyword' | 'button' | 'person';

/** What happens when a button is tapped. */
export type ChoiceAction =
  | { readonly type: 'intent'; readonly intent: string }
  | { readonly type: 'form'; readonly form: string }
  | { readonly type: 'person' }
  | { readonly type: 'restart' };

/** A button under a reply. */
export type Choice = { readonly label: string; readonly action: ChoiceAction };

/** What the customer reads. */
export type Reply = {
  readonly route: Route;
  readonly language: Language;
  /** Heading of an answer; absent on small replies. */
  readonly title: string | null;
  /** Paragraphs separated by blank lines; lines that begin with `1. ` are steps. */
  readonly text: string;
  /** One sentence for speech. */
  readonly short: string | null;
  readonly choices: readonly Choice[];
};

/** Stages of a turn whose milliseconds are kept. */
export type Stage =
  | 'prepare'
  | 'queue'
  | 'tokenise'
  | 'encode'
  | 'classify'
  | 'decide'
  | 'commit'
  | 'total';

/** Why a reply is as it is. */
export type Receipt = {
  readonly route: Route;
  readonly engine: Engine;
  readonly intent: string | null;
  /** Calibrated probability of the intent, 0..1. */
  readonly confidence: number;
  /** Probability of the best minus that of the second, 0..1. */
  readonly margin: number;
  /** The pack utterance closest to the question; cosine −1..1. */
  readonly nearest: {
    readonly intent: string;
    readonly text: string;
    readonly similarity: number;
  } | null;
  readonly stagesMs: Partial<Readonly<Record<Stage, number>>>;
  readonly mode: Mode;
  readonly health: Health;
  /** False while the ledger is read-only: the reply went out, but is not kept. */
  readonly recorded: boolean;
};

/** One customer message and its reply. */
export type Turn = {
  readonly number: number;
  readonly at: number;
  /** What was said, personal data masked; the label of a tapped button. */
  readonly text: string;
  readonly language: Language;
  readonly reply: Reply;
  readonly receipt: Receipt;
};
