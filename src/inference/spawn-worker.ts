import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A thread that takes and sends messages. Tests put a fake in its place. */
export interface WorkerPort<Request, Response> {
  post(message: Request): void;
  /** Hears every message. */
  onMessage(listener: (message: Response) => void): void;
  /** Hears once that the thread is gone, and why. */
  onExit(listener: (why: string) => void): void;
  /** Ends the thread, whatever it is doing. */
  terminate(): Promise<void>;
}

/**
 * Code that lets a thread run TypeScript: under `node --import tsx` the loader reaches the main thread
 * only (Node 20, tsx 4.23).
 */
function sourceLoader(url: URL): string {
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const entry = JSON.stringify(url.href);
  return `import(${loader}).then(({ register }) => { register(); return import(${entry}); });`;
}

/**
 * Starts a worker thread from a module of this program, as source (`.ts`) or compiled (`.js`).
 *
 * @param entry file of the worker beside its caller, without extension
 * @param caller `import.meta.url` of the caller
 * @param start given to the worker as `workerData`
 */
export function spawnWorker<Request, Response>(
  entry: string,
  caller: string,
  start: unknown,
): WorkerPort<Request, Response> {
  const extension = extname(new URL(caller).pathname);
  const url = new URL(`${entry}${extension}`, caller);
  // Flags such as --test or --inspect-brk are for the main thread.
  const options = { workerData: start, execArgv: [] };
  const worker =
    extension === '.ts'
      ? new Worker(sourceLoader(url), { ...options, eval: true })
      : new Worker(url, options);
  let why = '';
  worker.on('error', (error) => {
    why = `${error}`;
  });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', listener),
    onExit: (listener) => worker.on('exit', (code) => listener(why || `exit code ${code}`)),
    async terminate() {
      await worker.terminate();
    },
  };
}
