import type { Environment } from '../../adapters/settings/environment.ts';
import type { Clock } from '../../core/domain/run/ports.ts';

/** One stream that a command prints to. */
export interface Output {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Characters in a line; null where nobody knows. */
  readonly columns: number | null;
  /** Aborts when nobody reads any more, as behind `| head`. Writing then does nothing. */
  readonly closed: AbortSignal;
}

export interface Input {
  readonly isTerminal: boolean;
  readonly read: () => AsyncIterable<Uint8Array>;
  /** Asks on stderr and gives the answer; null where the input ends or the signal aborts. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | null>;
}

/** Everything a command touches of the world, but files and the network: handed in, so that a test can be the world. */
export interface CliIo {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
  /** Calls the listener on each Ctrl-C or SIGTERM until the returned function is called; without one the process ends. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Likewise for SIGHUP. */
  readonly onHangup: (listener: () => void) => () => void;
  /** Ends the process at once, whatever is in flight. */
  readonly endNow: () => void;
}
