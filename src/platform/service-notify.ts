import { spawn } from 'node:child_process';
import type { Log } from '../domain/ports.ts';

/** How to reach the service manager. */
export type ServiceNotifyOptions = {
  /** `$NOTIFY_SOCKET` as systemd sets it; undefined when the box was not started as a service. */
  readonly notifySocket: string | undefined;
  readonly log: Log;
  /** The program that sends; it is looked up in the system's own folders only. */
  readonly command?: string;
};

// Node cannot open unix datagram sockets, and packages that can are compiled at install: the program
// that comes with systemd sends for us. The unit needs NotifyAccess=all, for the message comes from a
// child.
const SYSTEM_PATH = '/usr/bin:/bin';
const SEND_TIMEOUT_MS = 5_000;

/**
 * Tells systemd how the service is; does nothing when there is none.
 *
 * A message that cannot be sent is logged and nothing else: systemd draws its own conclusions from
 * silence.
 *
 * @see sd_notify(3)
 */
export class ServiceNotify {
  readonly #options: ServiceNotifyOptions;

  constructor(options: ServiceNotifyOptions) {
    this.#options = options;
  }

  /** Customers are answered from now on. */
  ready(): Promise<void> {
    return this.#send('READY=1');
  }

  /** The vital parts have made progress. */
  watchdog(): Promise<void> {
    return this.#send('WATCHDOG=1');
  }

  /** The service is going down on purpose. */
  stopping(): Promise<void> {
    return this.#send('STOPPING=1');
  }

  async #send(message: string): Promise<void> {
    const { notifySocket, log, command = 'systemd-notify' } = this.#options;
    if (notifySocket === undefined) return;
    const problem = await runCommand(command, message, notifySocket);
    if (problem !== null) log.warn('systemd was not told', { message, problem });
  }
}

/** Runs the program; resolves with what went wrong, or null. */
function runCommand(
  command: string,
  message: string,
  notifySocket: string,
): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(command, [message], {
      env: { PATH: SYSTEM_PATH, NOTIFY_SOCKET: notifySocket },
      stdio: 'ignore',
      timeout: SEND_TIMEOUT_MS,
    });
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      resolve(code === 0 ? null : `${command} ended with ${code ?? signal}`);
    });
  });
}
