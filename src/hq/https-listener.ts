import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { ConfigError } from '../domain/errors.ts';

/** An open port. */
export type Listener = {
  readonly port: number;
  /** Refuses new connections, lets running requests end for a moment, then closes everything. */
  close(): Promise<void>;
};

/** Where and how to listen. */
export type ListenOptions = {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly tls: ServerOptions;
};

const GRACE_MS = 2000;

/**
 * Serves an app over HTTPS.
 *
 * @throws ConfigError HTTP_PORT_IN_USE, CONFIG_INVALID when the address cannot be listened on
 */
// biome-ignore lint/suspicious/noExplicitAny: every Hono app fits, whatever its bindings
export async function listenHttps(app: Hono<any>, options: ListenOptions): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: {
      ...options.tls,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      // Longer than the appliances' heartbeat: their connection is kept between two of them.
      keepAliveTimeout: 75_000,
    },
  }) as ReturnType<typeof createServer>;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(portError(options, cause)));
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function portError({ host, port }: ListenOptions, cause: NodeJS.ErrnoException): ConfigError {
  if (cause.code === 'EADDRINUSE') {
    const detail = `port ${port} of ${host} is taken`;
    return new ConfigError('HTTP_PORT_IN_USE', { detail, cause });
  }
  return new ConfigError('CONFIG_INVALID', {
    detail: `${host}:${port} cannot be listened on (${cause.code}): correct --host or the port`,
    cause,
  });
}
