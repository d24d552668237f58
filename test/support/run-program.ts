import { spawn } from 'node:child_process';

/** How a program ended and what it said. */
export type Ended = {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
};

/** Runs `zhanggui` as a process of its own, with no setting of this one, to its end. */
export function runProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  limitMs = 60_000,
): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  const said = { out: '', err: '' };
  for (const [stream, name] of [[child.stdout, 'out'] as const, [child.stderr, 'err'] as const])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said[name] += chunk;
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}
