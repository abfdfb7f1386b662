import { isWithin, nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { Scope, Subject } from '../domain/plan/desired-state.ts';
import type { DeferredReason } from '../domain/plan/plan.ts';
import { placeText } from '../domain/text/problem.ts';

/** Why a row is not written now, and what it waits for. */
export interface Doubt {
  readonly reason: DeferredReason;
  readonly waitsFor: string;
}

/** What in the policy is in doubt, so that a row which could be written is not: the rules that fail closed. */
export function doubtOf(node: ResourceNode, direction: 'up' | 'down', subject: Subject, scope: Scope): Doubt | null {
  const except = subject.running.find(({ bound }) => bound.unresolvedExcept !== null);
  if (except) return { reason: 'unresolved-except', waitsFor: `${except.bound.unresolvedExcept}` };
  const frozen = scope.frozen.get(node);
  if (frozen) return { reason: 'unresolved-scope', waitsFor: placeText(frozen) };
  if (direction === 'up') {
    const never = subject.neverUnresolved;
    return never && { reason: 'unresolved-never', waitsFor: placeText(never) };
  }
  const kept = subject.running.find(({ bound }) => bound.kept.has(node));
  return kept ? { reason: 'unresolved-name', waitsFor: kept.bound.unresolved.join(', ') } : null;
}

/**
 * Never less on the way: while an entitled row is neither in place nor written in this run, nothing that may stand in for it
 * is taken, neither on its ancestors nor below it. `missing` are those entitled rows, in the order of their words.
 */
export function doubtFromMissing(node: ResourceNode, missing: readonly ResourceNode[]): Doubt | null {
  const related = missing.find((entitled) => isWithin(entitled, node) || isWithin(node, entitled));
  return related ? { reason: 'relies-on-missing', waitsFor: nodeLabel(related) } : null;
}
