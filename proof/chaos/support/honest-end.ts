import type { ActualState } from '../../../src/core/domain/account/actual-state.ts';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { RunEnded } from '../../../src/core/domain/run/daemon-event.ts';
import { differences } from './equality.ts';
import type { RunRecord } from './run-record.ts';

/** The account when a run had ended, and the moments that it may have gone by. */
export interface Ending {
  readonly end: RunEnded;
  readonly actual: ActualState;
  readonly moments: readonly number[];
  /** Nothing went wrong in it and nobody else wrote, so that the account says what it left. */
  readonly isUndisturbed: boolean;
}

/** A run is complete, or done with what it observes, only if nothing waits: by its own last plan, and by the account. */
export function expectHonestEnd({ policy }: RunRecord, { end, actual, moments, isUndisturbed }: Ending): void {
  if (end.end !== 'complete' && end.end !== 'observed') return;
  const { result } = end;
  const left = (result?.kind === 'written' ? result.after : result?.plan) ?? null;
  if (left === null) throw new Error(`${end.end}, and it read nothing`);
  if (left.held.length > 0) throw new Error(`${end.end}, and ${left.held.length} parts are held`);
  if (left.deferred.length > 0) throw new Error(`${end.end}, and ${left.deferred.length} changes are deferred`);
  if (left.unresolved.length > 0) throw new Error(`${end.end}, and ${left.unresolved.length} names are unresolved`);
  if (end.end === 'observed') {
    if (policy.mode !== 'observe' || policy.paused) throw new Error('observed, and the policy does more than that');
    return;
  }
  if (left.changes.length > 0) throw new Error(`complete, and ${left.changes.length} changes are left`);
  if (isUndisturbed) expectAsPolicySays(policy, { left, actual, moments });
}

/** By the account alone: paused or not, whatever the policy entitles to is in place. */
function expectAsPolicySays(
  policy: RunRecord['policy'],
  { left, actual, moments }: Pick<Ending, 'actual' | 'moments'> & { readonly left: Plan },
): void {
  const judged = {
    ...policy,
    paused: false,
    mode: policy.mode === 'additive' ? policy.mode : 'authoritative',
  } as const;
  const found = moments.map((now) => differences({ policy: judged, actual, now }, left).found);
  if (found.every((one) => one.length > 0)) throw new Error(`complete, and ${found[0]?.[0]}`);
}
