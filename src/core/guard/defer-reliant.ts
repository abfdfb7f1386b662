import type { ResourceId } from '../domain/account/resource.ts';
import { isWithin, type ResourceTree } from '../domain/account/resource-tree.ts';
import { isGain } from '../domain/plan/batch.ts';
import type { Change, Deferred } from '../domain/plan/plan.ts';

/** The changes of one account access: those that may be written, and those that wait. */
export interface Parted {
  readonly changes: readonly Change[];
  readonly deferred: readonly Deferred[];
}

/**
 * Never less on the way: while a raise waits, the rows that may replace it stay, on its ancestors and below it. One pass is
 * enough, because losses rely on raises and nothing relies on a loss.
 */
export function deferReliant({ changes, deferred }: Parted, tree: ResourceTree): Parted {
  const missing = deferred.map(({ change }) => change);
  const parted = partReliant(changes, missing, tree);
  return { changes: parted.changes, deferred: [...deferred, ...parted.deferred] };
}

/** Takes the losses out of the changes of one access that may rely on a raise that is not written, for whatever reason. */
export function partReliant(changes: readonly Change[], unwritten: readonly Change[], tree: ResourceTree): Parted {
  const missing = unwritten.filter(isGain);
  const kept: Change[] = [];
  const reliant: Deferred[] = [];
  for (const change of changes) {
    const gain = isGain(change) ? undefined : missing.find((one) => isRelated(one.resource, change.resource, tree));
    if (gain === undefined) kept.push(change);
    else reliant.push({ change, reason: 'relies-on-missing', waitsFor: gain.resource.label });
  }
  return { changes: kept, deferred: reliant };
}

/** Whether two resources are the same, or one lies above the other. */
function isRelated(one: ResourceId, other: ResourceId, tree: ResourceTree): boolean {
  const [a, b] = [tree.find(one), tree.find(other)];
  return a !== undefined && b !== undefined && (isWithin(a, b) || isWithin(b, a));
}
