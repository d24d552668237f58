/**
 * One piece of the appliance with a life of its own.
 *
 * Constructors store their arguments and do nothing else; work begins in `start`. Parts are started
 * in order and stopped in reverse. The appliance dies with a vital part and goes on without another.
 */
export interface Part {
  readonly name: string;
  readonly vital: boolean;
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}
