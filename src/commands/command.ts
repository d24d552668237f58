/** Where a command reads and writes. */
export type CommandIo = {
  /** The installation's folder: models, firmware-config and dist lie below it. */
  readonly root: string;
  readonly print: (line: string) => void;
  /** Aborts when the process is asked to stop. */
  readonly stopped: AbortSignal;
};

/** One word after `zhanggui`. Returns the exit code. */
export type Command = (args: readonly string[], io: CommandIo) => Promise<number>;
