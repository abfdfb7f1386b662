import { givenBy, LEVEL } from '../domain/account/access-level.ts';
import type { AccountAccess } from '../domain/account/actual-state.ts';
import { nameOf, type Principal } from '../domain/account/principal.ts';
import { compareNodes, type ResourceTree } from '../domain/account/resource-tree.ts';
import { type DesiredState, holdsWritable, type Subject } from '../domain/plan/desired-state.ts';
import type { Unlisted } from '../domain/plan/plan.ts';
import { planResource } from '../domain/plan/plan-resource.ts';
import type { Place } from '../domain/text/problem.ts';

/** The people that the policy does not name, by what follows for them. */
export interface SortedOthers {
  readonly unlisted: readonly Unlisted[];
  readonly idle: readonly Principal[];
  /** The unlisted principals whose rows the policy removes, as subjects without any entitlement. */
  readonly losers: readonly Subject[];
}

/** Splits the users and invites that the policy does not name: those with a row that it may write, and those without any row. */
export function sortOthers(desired: DesiredState, tree: ResourceTree): SortedOthers {
  const people = desired.others.filter(({ access, isExempt }) => !isExempt && access.principal.kind !== 'token');
  const unlisted: Unlisted[] = [];
  const idle: Principal[] = [];
  const losers: Subject[] = [];
  for (const { access, revokedAt } of people) {
    if (access.rows.every((row) => givenBy(row.level) === LEVEL.none)) idle.push(access.principal);
    else if (holdsWritable(access, tree, desired.scope)) {
      unlisted.push(toUnlisted(access, tree, revokedAt));
      if (revokedAt !== null) losers.push(toLoser(access, revokedAt));
    }
  }
  return { unlisted, idle, losers };
}

/** Nothing excludes the access as a whole, because excluded people are not unlisted: the diff judges each row by itself. */
function toLoser(access: AccountAccess, unlisted: Place): Subject {
  return {
    name: nameOf(access.principal),
    access,
    running: [],
    ended: [],
    offboarded: null,
    isProtected: false,
    excluded: null,
    neverUnresolved: null,
    unproven: false,
    unlisted,
  };
}

function toUnlisted(access: AccountAccess, tree: ResourceTree, revokedAt: Place | null): Unlisted {
  const rows = access.rows.flatMap((row) => {
    const node = tree.find(row);
    return node ? [{ node, level: row.level }] : [];
  });
  return {
    principal: access.principal,
    access: access.access,
    revokedAt,
    rows: rows
      .sort((a, b) => compareNodes(a.node, b.node))
      .map(({ node, level }) => ({ resource: planResource(node), level })),
  };
}
