import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchWorld } from './bench-world.ts';
import { type LoadReport, orderLoad } from './load-order.ts';
import { mean } from './percentiles.ts';
import { readProcessFigures } from './process-figures.ts';
import { type Claim, formatMs, type Line, type Section } from './report.ts';
import type { LoadShape } from './run-load.ts';

/** What the bare encoder is asked at a time: as many as the larger number of visits. */
const OUTSTANDING = 256;
const MUST_PER_SECOND = 150;
const MUST_P99_MS = 1_000;
const SETTLE_MS = 2_000;

type Scenario = LoadReport & { readonly visits: number; readonly serverCpuSeconds: number };
type Closed = Scenario & { readonly barePerSecond: number };
type Open = Scenario & { readonly ratePerSecond: number; readonly shareOfBare: number };

/** Measures turns per second beside the bare encoder's texts per second, and what arrivals wait. */
export async function measureLoad(world: BenchWorld): Promise<Section> {
  const { bare, texts, sizes, box, say } = world;
  const window = { warmUpMs: sizes.warmUpMs, durationMs: sizes.bareMs };
  const takeBare = (): Promise<number> => bare.throughput(texts, OUTSTANDING, window);
  const bareBlocks = [await takeBare()];
  const timing = { warmUpMs: sizes.warmUpMs, durationMs: sizes.loadMs };
  const closed: Closed[] = [];
  for (const visits of [64, OUTSTANDING]) {
    say(`closed loop, ${visits} visits`);
    const scenario = await runScenario(world, visits, { kind: 'closed', ...timing });
    bareBlocks.push(await takeBare());
    // The blocks before and after it saw the same neighbours on this machine.
    closed.push({ ...scenario, barePerSecond: mean(bareBlocks.slice(-2)) });
  }
  const barePerSecond = mean(bareBlocks);
  const open: Open[] = [];
  for (const ratePerSecond of [MUST_PER_SECOND, barePerSecond * 0.6, barePerSecond * 0.8]) {
    say(`open loop, ${ratePerSecond.toFixed(0)} arrivals a second`);
    const { seed } = world;
    const shape: LoadShape = { kind: 'open', ratePerSecond, seed, ...timing };
    const scenario = await runScenario(world, OUTSTANDING, shape);
    open.push({ ...scenario, ratePerSecond, shareOfBare: ratePerSecond / barePerSecond });
  }
  await sleep(SETTLE_MS);
  const { residentMb } = await readProcessFigures(box.pid);
  return {
    title:
      'load: turns per second over HTTPS, a TLS connection a visit; bare = embed() with 256 outstanding',
    lines: [...closed.map(closedLine), ...open.map(openLine), memoryLine(residentMb)],
    notes: [...closed, ...open].map(describeScenario),
    raw: { bareBlocks, closed, open, residentMb, serverErrors: box.errors().slice(0, 2_000) },
  };
}

async function runScenario(world: BenchWorld, visits: number, shape: LoadShape): Promise<Scenario> {
  const { box, seed, say } = world;
  // An overload before may have sent it to the keyword list for a minute.
  if (!(await box.isLocal())) {
    say('the engine on the box is away after the overload: the box is started anew');
    await box.stop();
    await box.start();
  }
  const cpu: Promise<number>[] = [];
  const takeCpu = (): void => {
    cpu.push(readProcessFigures(box.pid).then(({ cpuSeconds }) => cpuSeconds));
  };
  const { origin, caFile } = box;
  const report = await orderLoad({ origin, caFile, visits, seed, shape }, takeCpu);
  const [before = 0, after = 0] = await Promise.all(cpu);
  return { ...report, visits, serverCpuSeconds: after - before };
}

function closedLine(scenario: Closed): Line {
  const { visits, localPerSecond, barePerSecond } = scenario;
  const ratio = localPerSecond / barePerSecond;
  return {
    what: `closed loop, ${visits} visits`,
    figure: `${localPerSecond.toFixed(0)} turns/s`,
    beside: `bare ${barePerSecond.toFixed(0)} texts/s`,
    ratio,
    claims:
      visits === OUTSTANDING
        ? [{ level: 'aim', text: '≥ 0.6 × the bare encoder', met: ratio >= 0.6 }]
        : [],
  };
}

function openLine(scenario: Open): Line {
  const { ratePerSecond, latencyMs, shareOfBare, visits } = scenario;
  const carries = isAllLocal(scenario) && latencyMs.p99 <= MUST_P99_MS;
  return {
    what: `open loop, ${visits} visits, ${ratePerSecond.toFixed(0)}/s`,
    figure: `p50 ${formatMs(latencyMs.p50)}, p99 ${formatMs(latencyMs.p99)} ms`,
    beside: `bare sustains ${(ratePerSecond / shareOfBare).toFixed(0)} texts/s`,
    ratio: shareOfBare,
    claims: openClaims(ratePerSecond, shareOfBare, carries),
  };
}

/** Nobody was refused, given up or answered by a poorer engine. */
function isAllLocal({ otherEngines, refused, unrecorded }: Scenario): boolean {
  return [...Object.keys(otherEngines), ...Object.keys(refused)].length + unrecorded === 0;
}

function openClaims(ratePerSecond: number, shareOfBare: number, met: boolean): Claim[] {
  const how = 'all answered on the box with p99 ≤ 1 s';
  const claims: Claim[] = [];
  if (ratePerSecond === MUST_PER_SECOND)
    claims.push({ level: 'must', text: `150 turns/s, ${how}`, met });
  else if (shareOfBare < 0.7)
    claims.push({ level: 'aim', text: `60 % of the bare encoder, ${how}`, met });
  else claims.push({ level: 'goal', text: `80 % of the bare encoder, ${how}`, met });
  return claims;
}

function memoryLine(residentMb: number): Line {
  const figure = `${residentMb.toFixed(0)} MB`;
  return { what: 'resident memory after the load', figure, beside: '', ratio: null, claims: [] };
}

function describeScenario(scenario: Scenario): string {
  const { local, seconds, otherEngines, refused, unrecorded, handedOver } = scenario;
  const { visits, latencyMs, serverCpuSeconds, generatorCpuSeconds, sentLateP99Ms } = scenario;
  const rate =
    'ratePerSecond' in scenario ? `open ${Number(scenario.ratePerSecond).toFixed(0)}/s` : 'closed';
  const parts = [
    `${rate}, ${visits} visits: ${local} local answers in ${seconds.toFixed(0)} s`,
    `latency p50 ${formatMs(latencyMs.p50)} p99 ${formatMs(latencyMs.p99)} max ${formatMs(latencyMs.max)} ms`,
    `other engines ${formatCounts(otherEngines)}`,
    `refused ${formatCounts(refused)}`,
    `unrecorded ${unrecorded}`,
    `handed over ${handedOver}`,
    `CPU server ${serverCpuSeconds.toFixed(1)} s, generator ${generatorCpuSeconds.toFixed(1)} s`,
  ];
  if (sentLateP99Ms > 0) parts.push(`generator late p99 ${formatMs(sentLateP99Ms)} ms`);
  return parts.join('; ');
}

function formatCounts(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  return entries.length === 0 ? '0' : entries.map(([name, n]) => `${name} ${n}`).join(' ');
}
