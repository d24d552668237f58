import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { createDemoWorld } from './smoke/demo-world.ts';
import { type Step, tellStory } from './smoke/story.ts';

const HELP = `usage: zhanggui smoke [--json] [--keep]

Walks the whole story over real HTTPS: starts the box and a demo headquarters on free ports in a
temporary folder, asks in both languages, hands over, chats, kills both with -9 in between, opens a
ticket, and compares what headquarters holds with what the box committed. Takes about half a minute.
Exit code 0 only when every step held.

  --json   one JSON object at the end instead of a line a step
  --keep   leave the temporary folder, for a look`;

type StepResult = {
  readonly step: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly saw: string;
};

/** `zhanggui smoke`. */
export const smoke: Command = async (args, { root, print }) => {
  const { values } = parseOptions(args, {
    help: { type: 'boolean', short: 'h', default: false },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-smoke-'));
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const world = await createDemoWorld({ root, folder, extension });
  const say = values.json ? () => undefined : print;
  try {
    const results = await walk(tellStory(world), say);
    const ok = results.every((result) => result.ok);
    print(closingLine(ok, values.json ? results : null));
    return ok ? 0 : 1;
  } finally {
    await world.stop();
    if (values.keep) print(`kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
};

/** Runs step after step until one does not hold. */
async function walk(steps: readonly Step[], say: (line: string) => void): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const { name, run } of steps) {
    const startTick = performance.now();
    const seen = await run().then(
      (saw) => ({ ok: true, saw }),
      (error: unknown) => ({ ok: false, saw: error instanceof Error ? error.message : `${error}` }),
    );
    const ms = Math.round(performance.now() - startTick);
    results.push({ step: name, ms, ...seen });
    say(`${seen.ok ? '✔' : '✘'} ${String(ms).padStart(6)} ms  ${name}: ${seen.saw}`);
    if (!seen.ok) break;
  }
  return results;
}

function closingLine(ok: boolean, steps: readonly StepResult[] | null): string {
  if (steps) return JSON.stringify({ ok, steps });
  return ok ? 'the whole story held' : 'the story broke off';
}
