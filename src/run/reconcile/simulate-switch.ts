import { bindPolicy } from '../../core/bind/bind-policy.ts';
import { diffStates } from '../../core/diff/diff-states.ts';
import { accountAfter } from '../../core/domain/account/account-after.ts';
import type { ActualState } from '../../core/domain/account/actual-state.ts';
import type { PolicyComparisonInput, PolicyOutcome } from '../../core/domain/answer/comparison.ts';
import { NO_RESTRAINTS } from '../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../core/domain/policy/entitlement.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { guardPlan } from '../../core/guard/guard-plan.ts';

/**
 * Simulates the switch from one policy to another on an observed account, without writing. First the account is made to match
 * the old policy, so that drift is not attributed to the new one. Then both policies are planned against it.
 */
export function simulateSwitch(
  old: ResolvedPolicy,
  next: ResolvedPolicy,
  observed: ActualState,
  now: Instant,
): PolicyComparisonInput {
  const { changes } = diffStates(bindPolicy(old, observed, now), observed);
  const actual = accountAfter(observed, changes);
  return { actual, old: outcomeUnder(old, actual, now), next: outcomeUnder(next, actual, now) };
}

function outcomeUnder(resolved: ResolvedPolicy, actual: ActualState, now: Instant): PolicyOutcome {
  const desired = bindPolicy(resolved, actual, now);
  const difference = diffStates(desired, actual);
  return {
    desired,
    difference,
    plan: guardPlan({ difference, desired, actual, resolved, restraints: NO_RESTRAINTS }),
  };
}
