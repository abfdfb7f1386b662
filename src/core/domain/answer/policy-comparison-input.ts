import type { ActualState } from '../account/actual-state.ts';
import type { DesiredState } from '../plan/desired-state.ts';
import type { Difference, Plan } from '../plan/plan.ts';

/** A policy bound to an account, what it wants there, and how that is judged. */
export interface PolicyOutcome {
  readonly desired: DesiredState;
  readonly difference: Difference;
  readonly plan: Plan;
}

/** An account that is as the old policy says, and what the old policy and the one that follows it want of it. */
export interface PolicyComparisonInput {
  /** After everything that the old policy can have written, whatever a guard or a doubt about a token would have kept back. */
  readonly actual: ActualState;
  readonly old: PolicyOutcome;
  readonly next: PolicyOutcome;
}
