import type { Config } from '../../src/config/load-config.ts';
import type { BareEncoder } from './bare-encoder.ts';
import type { BenchBox } from './bench-box.ts';
import type { BenchSizes } from './bench-sizes.ts';

/** What every part of the benchmark measures with. */
export type BenchWorld = {
  readonly box: BenchBox;
  readonly config: Config;
  readonly bare: BareEncoder;
  readonly texts: readonly string[];
  readonly seed: number;
  readonly sizes: BenchSizes;
  /** A folder on the disk that the box would use. */
  readonly folder: string;
  /** Says what is going on. */
  readonly say: (line: string) => void;
};
