import { type AccessLevel, givenBy } from '../domain/account/access-level.ts';
import { isWithin, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import { isGain } from '../domain/plan/batch.ts';
import type { DesiredState, Subject } from '../domain/plan/desired-state.ts';
import type { Change, Deferred } from '../domain/plan/plan.ts';
import { ANY_LEVEL, keptFor, NOTHING_KEPT } from '../domain/plan/team-authority.ts';

/** The changes of one account access: those that may be written, and those that wait. */
export interface Parted {
  readonly changes: readonly Change[];
  readonly deferred: readonly Deferred[];
}

/** Up to which level a raise that is not written keeps the row of a loss of the same access. Below 0: the loss does not rely on it. */
export type Relies = (loss: Change, raise: Change) => AccessLevel;

/**
 * Returns a function that says what a raise keeps: on its resource, on the ancestors of that and below. What only team files give
 * keeps only what these may decide.
 */
export function reliance(tree: ResourceTree, { subjects }: DesiredState): Relies {
  const ofTeams = subjects.filter(({ running }) => running.some(({ bound }) => bound.reach !== null));
  const byAccess = new Map<number, Subject>(ofTeams.map((subject) => [subject.access.access, subject]));
  return (loss, raise) => {
    // Every change is of a resource that the tree has.
    const [missing, lost] = [raise, loss].map(({ resource }) => tree.find(resource)) as [ResourceNode, ResourceNode];
    if (!isWithin(missing, lost) && !isWithin(lost, missing)) return NOTHING_KEPT;
    const subject = byAccess.get(raise.access);
    return subject === undefined ? ANY_LEVEL : keptFor(subject.running, missing, raise.before)(lost);
  };
}

/**
 * Never less on the way: while a raise waits, the rows that may replace it stay, on its ancestors and below it. One pass is
 * enough, because losses rely on raises and nothing relies on a loss.
 */
export function deferReliant({ changes, deferred }: Parted, relies: Relies): Parted {
  const missing = deferred.map(({ change }) => change);
  const parted = partReliant(changes, missing, relies);
  return { changes: parted.changes, deferred: [...deferred, ...parted.deferred] };
}

/**
 * Takes the losses out of the changes of one access that may rely on a raise that is not written, for whatever reason. A row above
 * the level that the raise keeps is lost whatever the raise gives.
 */
export function partReliant(changes: readonly Change[], unwritten: readonly Change[], relies: Relies): Parted {
  const missing = unwritten.filter(isGain);
  const kept: Change[] = [];
  const reliant: Deferred[] = [];
  for (const change of changes) {
    const gain = isGain(change) ? undefined : missing.find((raise) => givenBy(change.before) <= relies(change, raise));
    if (gain === undefined) kept.push(change);
    else reliant.push({ change, reason: 'relies-on-missing', waitsFor: gain.resource.label });
  }
  return { changes: kept, deferred: reliant };
}
