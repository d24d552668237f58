import type { Probe, ProbeLimits } from './probe.ts';

type Reading = () => number | null | Promise<number | null>;

/** Where the readings come from; null from a source means that this box has no such reading. */
export type ProbeSources = {
  /** Runnable work over cores: 1 is fully busy. */
  readonly cpuLoad: Reading;
  readonly temperatureC: Reading;
  readonly freeMemoryBytes: Reading;
  readonly freeDiskBytes: Reading;
  readonly eventLoopLagMs: Reading;
  /** Share of the heap limit in use, 0..1. */
  readonly heapUsedShare: Reading;
  readonly inferenceP95Ms: Reading;
  readonly isInferenceAlive: () => boolean;
  readonly ledgerSyncMs: Reading;
  readonly isLedgerWritable: () => boolean;
  /** Null when no headquarters is configured. */
  readonly isHeadquartersReachable: () => boolean | null;
  readonly certificateDaysLeft: Reading;
  readonly clockStepMs: Reading;
};

const limits = (warn: number | null, fail: number | null, needed = 3, of = 5): ProbeLimits => ({
  warn,
  fail,
  needed,
  of,
});

/** Limits that suit a small fanless box; a device profile replaces those that it names. */
const DEFAULT_LIMITS = {
  // A busy machine is slow, not broken: what it does to customers shows in the other probes.
  cpu_load: limits(0.9, null, 5, 6),
  // Passively cooled x86 and Raspberry Pi boards begin to throttle at 80 to 85 °C.
  temperature: limits(75, 85),
  memory_free: limits(256, 96),
  disk_free: limits(2_048, 512, 2, 3),
  event_loop_lag: limits(50, 500),
  heap_used: limits(75, 90),
  inference_latency: limits(50, 300),
  inference_alive: limits(null, 1, 2, 2),
  ledger_sync: limits(100, 1_000),
  ledger_writable: limits(null, 1, 1, 2),
  headquarters: limits(1, null),
  certificate_days: limits(30, 7, 1, 1),
  // Time servers step a clock that is off by more than 128 ms (RFC 5905); a second is worth knowing.
  clock_step: limits(1_000, 60_000, 1, 1),
} as const satisfies Record<string, ProbeLimits>;

/** The name of a probe that every box has. */
export type ProbeName = keyof typeof DEFAULT_LIMITS;

const MIB = 1024 * 1024;
const asFlag = (value: boolean | null) => (value === null ? null : Number(value));

/** Reads from a source and turns the reading into the unit that people see. */
function scaled(read: Reading, factor: number): Reading {
  return async () => {
    const value = await read();
    return value === null ? null : value * factor;
  };
}

type Described = Omit<Probe, 'limits' | 'name'> & { readonly name: ProbeName };

function machineProbes(sources: ProbeSources): Described[] {
  return [
    {
      name: 'cpu_load',
      title: { zh: '处理器负载', en: 'Processor load' },
      unit: '',
      source: '/proc/loadavg over the number of cores',
      worse: 'above',
      read: sources.cpuLoad,
    },
    {
      name: 'temperature',
      title: { zh: '处理器温度', en: 'Processor temperature' },
      unit: '°C',
      source: 'systeminformation cpuTemperature',
      worse: 'above',
      read: sources.temperatureC,
    },
    {
      name: 'memory_free',
      title: { zh: '可用内存', en: 'Free memory' },
      unit: 'MiB',
      source: '/proc/meminfo MemAvailable',
      worse: 'below',
      read: scaled(sources.freeMemoryBytes, 1 / MIB),
    },
    {
      name: 'disk_free',
      title: { zh: '可用磁盘空间', en: 'Free disk space' },
      unit: 'MiB',
      source: 'statfs of the data folder',
      worse: 'below',
      read: scaled(sources.freeDiskBytes, 1 / MIB),
    },
    {
      name: 'clock_step',
      title: { zh: '系统时间跳变', en: 'Jump of the system clock' },
      unit: 'ms',
      source: 'wall clock against the monotonic clock',
      worse: 'above',
      read: sources.clockStepMs,
    },
  ];
}

function processProbes(sources: ProbeSources): Described[] {
  return [
    {
      name: 'event_loop_lag',
      title: { zh: '主循环延迟', en: 'Event-loop lag' },
      unit: 'ms',
      source: 'perf_hooks monitorEventLoopDelay, 99th percentile',
      worse: 'above',
      read: sources.eventLoopLagMs,
    },
    {
      name: 'heap_used',
      title: { zh: '堆内存占用', en: 'Heap in use' },
      unit: '%',
      source: 'v8 heap statistics, used over limit',
      worse: 'above',
      read: scaled(sources.heapUsedShare, 100),
    },
    {
      name: 'inference_latency',
      title: { zh: '本机模型耗时', en: 'Time of the model on the box' },
      unit: 'ms',
      source: 'the last local turns, 95th percentile',
      worse: 'above',
      read: sources.inferenceP95Ms,
    },
    {
      name: 'inference_alive',
      title: { zh: '本机模型运行', en: 'Model on the box is running' },
      unit: '',
      source: 'inference workers',
      worse: 'below',
      read: () => asFlag(sources.isInferenceAlive()),
    },
  ];
}

function storageAndLineProbes(sources: ProbeSources): Described[] {
  return [
    {
      name: 'ledger_sync',
      title: { zh: '账本落盘耗时', en: 'Time of a durable write' },
      unit: 'ms',
      source: 'fdatasync of the last group commit',
      worse: 'above',
      read: sources.ledgerSyncMs,
    },
    {
      name: 'ledger_writable',
      title: { zh: '账本可写', en: 'Ledger can be written' },
      unit: '',
      source: 'vault',
      worse: 'below',
      read: () => asFlag(sources.isLedgerWritable()),
    },
    {
      name: 'headquarters',
      title: { zh: '总部连接', en: 'Line to headquarters' },
      unit: '',
      source: 'the last exchange with headquarters',
      worse: 'below',
      read: () => asFlag(sources.isHeadquartersReachable()),
    },
    {
      name: 'certificate_days',
      title: { zh: '证书剩余天数', en: 'Days left on the certificate' },
      unit: 'd',
      source: 'certificate of this box',
      worse: 'below',
      read: sources.certificateDaysLeft,
    },
  ];
}

/**
 * Makes the probes that every box has.
 *
 * @param overrides limits of the device profile, replacing the default of the same name
 */
export function createProbes(
  sources: ProbeSources,
  overrides: Partial<Record<ProbeName, ProbeLimits>> = {},
): Probe[] {
  const described = [
    ...machineProbes(sources),
    ...processProbes(sources),
    ...storageAndLineProbes(sources),
  ];
  return described.map((probe) => ({
    ...probe,
    limits: overrides[probe.name] ?? DEFAULT_LIMITS[probe.name],
  }));
}
