import { bindPolicy } from '../../core/bind/bind-policy.ts';
import { nameCauses } from '../../core/cause/name-causes.ts';
import { diffStates } from '../../core/diff/diff-states.ts';
import type { ActualState } from '../../core/domain/account/actual-state.ts';
import type { DesiredState } from '../../core/domain/plan/desired-state.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import type { Restraints } from '../../core/domain/plan/restraints.ts';
import { distinctHolders, type ResolvedPolicy } from '../../core/domain/policy/entitlement.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { guardPlan } from '../../core/guard/guard-plan.ts';

/** A plan and what it was made from, which explanations need. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly actual: ActualState;
}

/**
 * Makes a plan from policy, account and time: bind, diff, name causes, guard. It is pure, so a pull request, a laptop and the daemon see the
 * same changes. Memory (`restraints`) only decides which of the changes are written now.
 */
export function makePlan(
  resolved: ResolvedPolicy,
  actual: ActualState,
  now: Instant,
  restraints: Restraints,
): PlannedRun {
  const desired = bindPolicy(resolved, actual, now);
  const differenceBy = (text: ResolvedPolicy, at: Instant) => diffStates(bindPolicy(text, actual, at), actual);
  const found = diffStates(desired, actual);
  const difference = nameCauses({ difference: found, desired, actual, restraints, differenceBy });
  return { plan: guardPlan({ difference, desired, actual, resolved, restraints }), desired, actual };
}

/** Whether the list of API tokens must be read: only if a grant names a token. */
export function needsTokens(resolved: ResolvedPolicy): boolean {
  return distinctHolders(resolved.entitlements).some((holders) => holders.some((holder) => 'token' in holder.name));
}
