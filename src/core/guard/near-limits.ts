import { isGain, makesAccountAdmin } from '../domain/plan/batch.ts';
import type { Change } from '../domain/plan/plan.ts';
import { type GuardInput, namesOf } from './guard-input.ts';
import { gainsMost, revokesMost } from './limit-numbers.ts';

/**
 * Whether what a run remembers may decide about these changes: at least half of a limit is used. Below that, it takes many
 * approvals before anything stays held.
 */
export function isNearLimits(input: GuardInput): boolean {
  const { changes } = input.difference;
  const uses = (isCounted: (change: Change) => boolean, limit: () => number): boolean => {
    const count = namesOf(changes.filter(isCounted)).length;
    return count > 0 && count * 2 >= limit();
  };
  return (
    uses(makesAccountAdmin, () => input.resolved.policy.limits.newAdmins) ||
    uses(isGain, () => gainsMost(input).limit) ||
    uses(
      (change) => !isGain(change),
      () => revokesMost(input).limit,
    )
  );
}
