import type { Schedule } from '../core/domain/run/daemon-ports.ts';
import type { WritePorts } from '../run/reconcile/reconcile.ts';
import type { ReplicaParts } from './leadership.ts';
import type { Pacing } from './pacing.ts';
import type { PolicyControllerParts } from './policy-controller.ts';
import type { WriteSizes } from './run-account.ts';

/** Everything that the loop of one account is made of. */
export interface LoopParts extends PolicyControllerParts {
  readonly schedule: Schedule;
  /** The ports of the account, once its policy has named it. May throw `GrantdError`; asked again by the next run. */
  readonly open: (account: number) => Promise<WritePorts>;
  /** Where several replicas run; without it this process is the only one that writes. */
  readonly replicas?: ReplicaParts;
  readonly pacing: Pacing;
  readonly sizes: WriteSizes;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly newRunId: () => string;
}

/** The signals of the whole daemon: begin nothing further, and cut off what is in flight. */
export interface DaemonSignals {
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  /** Stops the whole daemon, because grantd has a fault. */
  readonly giveUp: () => void;
}

/** How much longer than it may something takes before the loop counts as stuck. */
export const STUCK_AFTER_MS = 120_000;
