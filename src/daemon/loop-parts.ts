import type { Schedule } from '../core/domain/run/daemon-ports.ts';
import type { WritePorts } from '../run/reconcile/reconcile.ts';
import type { ReplicaParts } from './leadership.ts';
import type { LeftAccounts } from './left-accounts.ts';
import type { Pacing } from './pacing.ts';
import type { PolicyControllerParts } from './policy-controller.ts';
import type { WriteSizes } from './run-account.ts';

/** Everything that the loop of one account needs. */
export interface LoopParts extends PolicyControllerParts {
  readonly schedule: Schedule;
  /** Opens the ports of the account that the policy names. May throw `GrantdError`; then the next run tries again. */
  readonly open: (account: number) => Promise<WritePorts>;
  /** The base URL of the API. What is proven of one API says nothing of another. */
  readonly api: string;
  /** If several replicas run; without it this process is the only one that writes. */
  readonly replicas?: ReplicaParts;
  readonly left: LeftAccounts;
  readonly pacing: Pacing;
  readonly sizes: WriteSizes;
  /** Flags for the commands that the daemon prints, so that they use its audit log. Default: none. */
  readonly applyFlags?: readonly string[];
  /** Flags that name the state for the command that clears `put-replaces`. Null where no state outlives the process. Default: none. */
  readonly clearFlags?: readonly string[] | null;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly newRunId: () => string;
}

/** The signals of the whole daemon: `stop` starts nothing new, and `abort` ends work in flight. */
export interface DaemonSignals {
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  /** Stops the whole daemon because of an internal error. */
  readonly giveUp: () => void;
}

/** How far past its limit something must be before the loop counts as stuck. */
export const STUCK_AFTER_MS = 120_000;
