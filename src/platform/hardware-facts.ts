import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { cpuTemperature } from 'systeminformation';

/** Reads the machine's state. A reading that this machine does not have is null. */
export type HardwareFacts = {
  /** Runnable work of the last minute over cores: 1 is fully busy. */
  readonly cpuLoad: () => Promise<number | null>;
  readonly temperatureC: () => Promise<number | null>;
  /** Memory that new work can get without swapping. */
  readonly freeMemoryBytes: () => Promise<number | null>;
  /** Space that this process may still fill in the data folder's file system. */
  readonly freeDiskBytes: () => Promise<number | null>;
};

/** The first number that `pattern` captures in a file of /proc; null when either is missing. */
async function readNumber(path: string, pattern: RegExp): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/**
 * Makes the reading of the processor's temperature.
 *
 * Finding the sensor starts other programs and blocks for a tenth of a second, so a machine that has
 * none, as virtual ones, is asked once only.
 */
function createTemperatureReading(): () => Promise<number | null> {
  let hasSensor = true;
  return async () => {
    if (!hasSensor) return null;
    const { main } = await cpuTemperature();
    hasSensor = main !== null && main > 0;
    return hasSensor ? main : null;
  };
}

/**
 * Makes the readings of this machine.
 *
 * @param dataFolder whose disk space counts; it need not exist yet when this is called
 * @param procFolder where the kernel shows its numbers, proc_loadavg(5) and proc_meminfo(5)
 */
export function createHardwareFacts(dataFolder: string, procFolder = '/proc'): HardwareFacts {
  return {
    cpuLoad: async () => {
      const running = await readNumber(`${procFolder}/loadavg`, /^([\d.]+) /);
      return running === null ? null : running / availableParallelism();
    },
    temperatureC: createTemperatureReading(),
    // os.freemem() would count the page cache as used.
    freeMemoryBytes: async () => {
      const kibibytes = await readNumber(`${procFolder}/meminfo`, /^MemAvailable:\s+(\d+) kB$/m);
      return kibibytes === null ? null : kibibytes * 1024;
    },
    freeDiskBytes: async () => {
      const { bavail, bsize } = await statfs(dataFolder);
      return bavail * bsize;
    },
  };
}
