import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Hono } from 'hono';
import { ConfigError } from '../domain/errors.ts';
import type { Part } from '../domain/part.ts';

type Asset = {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Pages read into memory: no path from a request ever reaches the disk. */
export class StaticPages implements Part {
  readonly name = 'pages';
  readonly vital = true;
  readonly #folder: string;
  readonly #assets = new Map<string, Asset>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws ConfigError CONFIG_FILE_MISSING when the pages have not been built */
  async start(): Promise<void> {
    const names = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(
      (cause: unknown) => {
        throw new ConfigError('CONFIG_FILE_MISSING', {
          detail: `no pages in ${this.#folder}; build them with "npm run build"`,
          cause,
        });
      },
    );
    const files = names.filter((entry) => entry.isFile());
    await Promise.all(
      files.map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        const path = `/${relative(this.#folder, file).split(sep).join('/')}`;
        this.#assets.set(path, assetOf(path, await readFile(file)));
      }),
    );
  }

  async stop(): Promise<void> {
    this.#assets.clear();
  }

  /** Serves `index` at each of `paths`, and every other file under its own path. */
  mount(app: Hono, paths: Readonly<Record<string, string>>): void {
    for (const [path, index] of Object.entries(paths)) this.#serve(app, path, index);
    for (const path of this.#assets.keys()) this.#serve(app, path, path);
  }

  #serve(app: Hono, path: string, asset: string): void {
    app.get(path, (context) => {
      const found = this.#assets.get(asset);
      if (!found) return context.notFound();
      if (context.req.header('if-none-match') === found.headers['etag'])
        return new Response(null, { status: 304 });
      return new Response(found.body, { headers: found.headers });
    });
  }
}

function assetOf(path: string, content: Buffer): Asset {
  const body = new Uint8Array(content);
  // Names under assets/ carry a hash of their content, so they never change.
  const isHashed = path.includes('/assets/');
  return {
    body,
    headers: {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    },
  };
}
