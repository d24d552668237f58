import type { ErrorCode } from '../../domain/error-catalogue.ts';
import type { Reading } from '../intent/intent-model.ts';
import type { EncoderFolder } from './load-encoder-folder.ts';

/** What an encoder thread starts with. */
export type EncoderStart = { readonly folder: EncoderFolder; readonly threads: number };

/** What the main thread asks of an encoder thread; answered in order. */
export type EncoderRequest =
  | {
      readonly type: 'embed' | 'understand';
      readonly id: number;
      readonly texts: readonly string[];
    }
  /** Uses this model (as `encodeIntentModel` writes it) from the next request on. */
  | { readonly type: 'install'; readonly model: Uint8Array<ArrayBuffer> }
  /** Ends the thread after what was asked before. */
  | { readonly type: 'end' };

/** Milliseconds of a batch. */
export type BatchMs = {
  readonly tokenise: number;
  readonly encode: number;
  readonly classify: number;
};

/** What an encoder thread says. */
export type EncoderResponse =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly detail: string }
  | {
      readonly type: 'embedded';
      readonly id: number;
      /** Row-major, rows of unit length. */
      readonly vectors: Float32Array;
      readonly ms: BatchMs;
    }
  | {
      readonly type: 'understood';
      readonly id: number;
      readonly readings: readonly Reading[];
      readonly ms: BatchMs;
    }
  | {
      readonly type: 'refused';
      readonly id: number;
      readonly code: ErrorCode;
      readonly detail: string;
    };
