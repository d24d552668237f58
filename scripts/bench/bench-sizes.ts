/** How much is measured. */
export type BenchSizes = {
  readonly restarts: number;
  readonly warmUpTurns: number;
  readonly turnBlocks: number;
  readonly turnsPerBlock: number;
  readonly bareMs: number;
  readonly warmUpMs: number;
  readonly loadMs: number;
  readonly ledgerBlocks: number;
  readonly ledgerBlockMs: number;
};

/** `quick` only shows that the benchmark works: its figures mean nothing. */
export const BENCH_SIZES = {
  quick: {
    restarts: 1,
    warmUpTurns: 4,
    turnBlocks: 2,
    turnsPerBlock: 10,
    bareMs: 400,
    warmUpMs: 200,
    loadMs: 1_000,
    ledgerBlocks: 1,
    ledgerBlockMs: 150,
  },
  standard: {
    restarts: 3,
    warmUpTurns: 40,
    turnBlocks: 10,
    turnsPerBlock: 40,
    bareMs: 1_500,
    warmUpMs: 1_000,
    loadMs: 5_000,
    ledgerBlocks: 6,
    ledgerBlockMs: 250,
  },
  full: {
    restarts: 9,
    warmUpTurns: 100,
    turnBlocks: 40,
    turnsPerBlock: 50,
    bareMs: 5_000,
    warmUpMs: 2_000,
    loadMs: 30_000,
    ledgerBlocks: 20,
    ledgerBlockMs: 500,
  },
} as const satisfies Record<string, BenchSizes>;
