import { type AccessLevel, givenBy, LEVEL } from '../domain/account/access-level.ts';
import { isWithin, type ResourceTree } from '../domain/account/resource-tree.ts';
import { isGain } from '../domain/plan/batch.ts';
import type { DesiredState, Subject } from '../domain/plan/desired-state.ts';
import type { Change, Deferred } from '../domain/plan/plan.ts';
import { ANY_LEVEL, keptFor } from '../domain/plan/team-authority.ts';

/** The changes of one account access: those that may be written, and those that wait. */
export interface Parted {
  readonly changes: readonly Change[];
  readonly deferred: readonly Deferred[];
}

/** Up to which level a raise that is not written keeps the row of a loss of the same access. 0: the loss does not rely on it. */
export type Relies = (loss: Change, raise: Change) => AccessLevel;

/**
 * Returns a function that says what a raise keeps: on its resource, on the ancestors of that and below. What only team files give
 * keeps only what these may decide.
 */
export function reliance(tree: ResourceTree, { subjects }: DesiredState): Relies {
  const ofTeams = subjects.filter(({ running }) => running.some(({ bound }) => bound.reach !== null));
  const byAccess = new Map<number, Subject>(ofTeams.map((subject) => [subject.access.access, subject]));
  return (loss, raise) => {
    const [missing, lost] = [tree.find(raise.resource), tree.find(loss.resource)];
    if (missing === undefined || lost === undefined) return LEVEL.none;
    if (!isWithin(missing, lost) && !isWithin(lost, missing)) return LEVEL.none;
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
 * the level that the raise keeps is lowered to that.
 */
export function partReliant(changes: readonly Change[], unwritten: readonly Change[], relies: Relies): Parted {
  const missing = unwritten.filter(isGain);
  const kept: Change[] = [];
  const reliant: Deferred[] = [];
  for (const change of changes) {
    const found = isGain(change) ? null : strongest(change, missing, relies);
    if (found === null) kept.push(change);
    else if (givenBy(change.before) <= found.keeps)
      reliant.push({ change, reason: 'relies-on-missing', waitsFor: found.raise.resource.label });
    else kept.push(loweredTo(change, found.keeps));
  }
  return { changes: kept, deferred: reliant };
}

/** The first raise that keeps the most of the row of a loss. Null if none keeps anything of it. */
function strongest(
  loss: Change,
  raises: readonly Change[],
  relies: Relies,
): { readonly raise: Change; readonly keeps: AccessLevel } | null {
  let most: { readonly raise: Change; readonly keeps: AccessLevel } | null = null;
  for (const raise of raises) {
    const keeps = relies(loss, raise);
    if (keeps > (most?.keeps ?? LEVEL.none)) most = { raise, keeps };
  }
  return most;
}

function loweredTo(change: Change, level: AccessLevel): Change {
  return change.after >= level ? change : { ...change, kind: 'lower', after: level };
}
