import { resourceKey } from '../account/resource.ts';
import type { Change, Plan } from './plan.ts';
import type { SameChange } from './restraints.ts';

/** One text for each access, resource and level after: two planned changes with the same text are the same change. */
export function changeKey({ access, resource, after }: SameChange): string {
  return `${access} ${resourceKey(resource)} ${after}`;
}

/** Everything that the policy asks of the account, whether it may be written now or not: planned, then held, then deferred. */
export function requestedChanges({ changes, held, deferred }: Plan): readonly Change[] {
  return [...changes, ...held.flatMap((part) => part.changes), ...deferred.map(({ change }) => change)];
}

/** What someone else changed since, and grantd does not undo because the policy is paused. */
export function driftLeftByPause(plan: Plan): readonly Change[] {
  return plan.verdict === 'paused' ? requestedChanges(plan).filter(({ cause }) => cause === 'drift') : [];
}
