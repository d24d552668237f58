import { type DestinationStream, pino } from 'pino';
import type { Log } from '../domain/ports.ts';

/** Least severity that is written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * Writes one JSON line per message.
 *
 * Fields that could hold a secret or a person's words are cut out, whoever puts them there.
 */
export function createJsonLog(level: LogLevel, destination: DestinationStream): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.errWithCause },
      redact: { paths: SECRET_FIELDS, censor: '[redacted]' },
    },
    destination,
  );
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  };
}

const SECRET_FIELDS = ['password', 'passphrase', 'token', 'text', 'key', 'cookie'].flatMap(
  (name) => [name, `*.${name}`],
);
