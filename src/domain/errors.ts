import { ERROR_CATALOGUE, type ErrorCode } from './error-catalogue.ts';

/** Facts that make a message exact; never personal data, never secrets. */
export type ErrorContext = {
  /** What failed and with which value, in one sentence; ends up in logs and problem details. */
  readonly detail: string;
  readonly cause?: unknown;
};

/**
 * An unexpected outcome with a stable code.
 *
 * The catalogue says for each code whether trying again can help and what the reader should do.
 *
 * @see ERROR_CATALOGUE
 */
export class ApplianceError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, context: ErrorContext) {
    super(`${code}: ${context.detail}`, { cause: context.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = ERROR_CATALOGUE[code].retryable;
  }
}

/** What a caller sent cannot be used. */
export class InputError extends ApplianceError {}
/** The configuration, a pack or a firmware file is wrong. */
export class ConfigError extends ApplianceError {}
/** The disk, a key or sealed data cannot be used. */
export class StorageError extends ApplianceError {}
/** A model is missing, corrupt, overloaded or answers nonsense. */
export class ModelError extends ApplianceError {}
/** Headquarters cannot be reached or answers nonsense. */
export class SyncError extends ApplianceError {}
/** A promise of our own code was broken. */
export class InternalError extends ApplianceError {}
