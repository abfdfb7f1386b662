import type { Environment } from '../../adapters/settings/environment.ts';
import type { Clock } from '../../core/domain/run/ports.ts';

/** One stream that a command prints to. */
export interface Output {
  readonly write: (text: string) => void;
  /** Resolves once there is room for more, or the output is closed. A long output waits for it after each text. */
  readonly drained: () => Promise<void>;
  readonly isTerminal: boolean;
  /** Characters in a line; null if unknown. */
  readonly columns: number | null;
  /**
   * Aborts when the reader is gone, as behind `| head`. Writing then does nothing. If the output cannot be written, as on a
   * full disk, the reason is a `GrantdError`.
   */
  readonly closed: AbortSignal;
}

/** The stream that a command reads from. */
export interface Input {
  readonly isTerminal: boolean;
  readonly read: () => AsyncIterable<Uint8Array>;
  /** Asks on stderr and returns the answer; null if the input ends or the signal aborts. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | null>;
}

/** Everything outside the process that a command uses, except files and the network. A test passes its own. */
export interface CliIo {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
  /** Calls the listener on each Ctrl-C or SIGTERM until the returned function is called. Without a listener the process ends. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Likewise for SIGHUP. */
  readonly onHangup: (listener: () => void) => () => void;
  /** Ends the process at once, even while a request runs. */
  readonly endNow: () => void;
}
