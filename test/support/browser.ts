import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type FakeApi, startFakeApi } from './fake-api.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

function findChromium(): string {
  const found = CHROMIUM.find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(
      `The browser tests need Chromium; none of ${CHROMIUM.join(', ')} exists. Install it: apt-get install chromium`,
    );
  }
  return found;
}

/** Starts Chromium. @throws Error when it is not installed */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: FLAGS });
}

/** The built pages behind the fake API, and a browser to look at them. */
export type BrowserWorld = {
  readonly api: FakeApi;
  /** Script errors, console errors and CSP violations of every page so far; there should be none. */
  readonly faults: readonly string[];
  /** Opens a page in a browser profile of its own. */
  open(url: string, size: Size): Promise<Page>;
  close(): Promise<void>;
};

/** Width and height of a window, CSS pixels. */
export type Size = { readonly width: number; readonly height: number };

const isExpected = (text: string): boolean =>
  // Chromium reports every refused request on the console; the refusals are what the tests provoke.
  text.startsWith('Failed to load resource');

/**
 * Builds the pages into a temporary folder and starts Chromium.
 *
 * @throws Error when Chromium is not installed
 */
export async function openBrowserWorld(): Promise<BrowserWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-pages-'));
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const [browser] = await Promise.all([
    launchChromium(),
    run(process.execPath, [
      vite,
      'build',
      '--config',
      join(ROOT, 'src/pages/vite.config.ts'),
      '--outDir',
      folder,
    ]),
  ]);
  const api = await startFakeApi(folder);
  const contexts: BrowserContext[] = [];
  const faults: string[] = [];
  return {
    api,
    faults,
    open: (url, size) => openPage(browser, contexts, faults, url, size),
    close: async () => {
      await Promise.all(contexts.map((context) => context.close()));
      await browser.close();
      api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openPage(
  browser: Browser,
  contexts: BrowserContext[],
  faults: string[],
  url: string,
  size: Size,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: size,
    reducedMotion: 'reduce',
    locale: 'zh-CN',
  });
  contexts.push(context);
  const page = await context.newPage();
  await page.addInitScript({ path: AXE });
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => faults.push(`${url}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) {
      faults.push(`${url}: ${message.text()}`);
    }
  });
  await page.goto(url);
  return page;
}

/** Asks axe for everything that WCAG 2.2 AA and its best practices forbid on the page as it is. */
export function findViolations(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    type Axe = {
      run(options: {
        resultTypes: string[];
      }): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>;
    };
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run({
      resultTypes: ['violations'],
    });
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' | ')}`,
    );
  });
}
