import { resourceKey } from '../../core/domain/account/resource.ts';
import type { Change, ChangeKind, DeferredReason, Plan } from '../../core/domain/plan/plan.ts';
import type { SameChange } from '../../core/domain/plan/restraints.ts';
import type { SampleStore } from './samples.ts';

export const CHANGE_KINDS = ['create', 'raise', 'lower', 'remove'] as const satisfies readonly ChangeKind[];

/** Why changes wait, each with a series from the first plan on. */
export const DEFERRED_REASONS = {
  'unresolved-name': 0,
  'unresolved-except': 0,
  'unresolved-scope': 0,
  'unresolved-never': 0,
  'relies-on-missing': 0,
  contested: 0,
  'pair-disproven': 0,
  'pair-unproven': 0,
  fallback: 0,
} as const satisfies Readonly<Record<DeferredReason, 0>>;

/** How many of each there are; every key of `none` is counted from 0. */
function count<K extends string>(keys: readonly K[], none: Readonly<Record<K, number>>): ReadonlyMap<K, number> {
  const counts = new Map(Object.entries(none) as [K, number][]);
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Everything that the policy wants of the account, whether it may be written now or not. */
export function wantedChanges({ changes, held, deferred }: Plan): readonly Change[] {
  return [...changes, ...held.flatMap((part) => part.changes), ...deferred.map(({ change }) => change)];
}

export function changeKey({ access, resource, after }: SameChange): string {
  return `${access} ${resourceKey(resource)} ${after}`;
}

/** Every gauge that `setPlanGauges` sets. */
export const PLAN_GAUGES = [
  'grantd_pending_changes',
  'grantd_deferred_changes',
  'grantd_held',
  'grantd_unmanageable_rows',
  'grantd_absent_principals',
  'grantd_unlisted_principals',
] as const;

/** Sets every gauge that says how far the account is from the policy. */
export function setPlanGauges(store: SampleStore, plan: Plan): void {
  const none = { create: 0, raise: 0, lower: 0, remove: 0 };
  const kinds = wantedChanges(plan).map(({ kind }) => kind);
  for (const [kind, value] of count<ChangeKind>(kinds, none)) store.set('grantd_pending_changes', { kind }, value);
  const reasons = plan.deferred.map(({ reason }) => reason);
  for (const [reason, value] of count<DeferredReason>(reasons, DEFERRED_REASONS)) {
    store.set('grantd_deferred_changes', { reason }, value);
  }
  store.set('grantd_held', {}, plan.held.length);
  store.set('grantd_unmanageable_rows', {}, plan.unmanageable.length);
  store.set('grantd_absent_principals', {}, plan.absent.length);
  store.set('grantd_unlisted_principals', {}, plan.unlisted.length);
}

/**
 * Which changes are contested after a plan: those that wait for it, and those that were and are planned again, which is how
 * they are tried once a day. A change that is not planned any more holds, or is no longer wanted.
 */
export function contestedAfter(before: ReadonlySet<string>, plan: Plan): Set<string> {
  const waiting = plan.deferred.filter(({ reason }) => reason === 'contested').map(({ change }) => changeKey(change));
  if (before.size === 0) return new Set(waiting);
  const tried = wantedChanges(plan)
    .map(changeKey)
    .filter((key) => before.has(key));
  return new Set([...waiting, ...tried]);
}
