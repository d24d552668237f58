import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { ConfigError } from '../domain/errors.ts';
import type { Part } from '../domain/part.ts';
import type { Log } from '../domain/ports.ts';

/** Certificate, key and protocol versions. */
export type TlsSettings = SecureContextOptions & TlsOptions;

/** Where to listen, and with which certificate. */
export type ServerOptions = {
  readonly app: () => Hono;
  readonly tls: () => TlsSettings;
  readonly host: string;
  /** 0 takes a free port. */
  readonly httpsPort: number;
  /** Only redirects to HTTPS; null does not listen at all. */
  readonly httpPort: number | null;
  readonly log: Log;
};

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

const REFUSALS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is already taken; stop the other program or set another port',
  EACCES: 'may not be opened by this user; set one above 1023 or allow it',
  EADDRNOTAVAIL: 'is at no address of this machine; set listen.host or ZHANGGUI_HOST to one',
};

/** Listens over TLS; the plain port only redirects. */
export class Server implements Part {
  readonly name = 'http';
  readonly vital = true;
  readonly #options: ServerOptions;
  #https: HttpsServer | null = null;
  #http: HttpServer | null = null;
  readonly #sockets = new Set<Socket>();

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** @throws ConfigError HTTP_PORT_IN_USE, CONFIG_INVALID for an address that this machine has not */
  async start(): Promise<void> {
    try {
      await this.#listen();
    } catch (error) {
      // One port may be open already, and would keep the process alive.
      await this.stop();
      throw error;
    }
  }

  async #listen(): Promise<void> {
    const { app, tls, host, httpsPort, httpPort } = this.#options;
    const https = createHttpsServer(tls(), getRequestListener(app().fetch));
    this.#limit(https);
    this.#https = https;
    await listen(https, host, httpsPort);
    if (httpPort === null) return;
    const http = createHttpServer((request, response) => {
      const name = (request.headers.host ?? 'localhost').replace(/:\d+$/, '');
      const location = `https://${name}:${this.httpsPort()}${request.url ?? '/'}`;
      response.writeHead(308, { location, connection: 'close' }).end();
    });
    this.#limit(http);
    this.#http = http;
    await listen(http, host, httpPort);
  }

  async stop(): Promise<void> {
    const servers = [this.#https, this.#http].filter((server) => server !== null);
    const closed = servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    // Streams never end by themselves: whoever listens reconnects to the next start.
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** The port that is really listened on. */
  httpsPort(): number {
    const address = this.#https?.address();
    return typeof address === 'object' && address !== null ? address.port : this.#options.httpsPort;
  }

  /** Takes a renewed certificate into use; open connections go on with the old one. */
  renew(): void {
    this.#https?.setSecureContext(this.#options.tls());
  }

  #limit(server: HttpServer | HttpsServer): void {
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
    const event = 'setSecureContext' in server ? 'secureConnection' : 'connection';
    server.on(event, (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('clientError', (_error, socket) => socket.destroy());
  }
}

function listen(server: HttpServer | HttpsServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(refusalOf(cause, host, port)));
    server.listen(port, host, resolve);
  });
}

function refusalOf(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const why = REFUSALS[cause.code ?? ''];
  if (why === undefined) return cause;
  const detail = `port ${port} on ${host} ${why}`;
  const code = cause.code === 'EADDRNOTAVAIL' ? 'CONFIG_INVALID' : 'HTTP_PORT_IN_USE';
  return new ConfigError(code, { detail, cause });
}
