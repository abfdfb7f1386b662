import { givenBy, LEVEL } from '../domain/account/access-level.ts';
import type { AccountAccess } from '../domain/account/actual-state.ts';
import { nameOf, type Principal } from '../domain/account/principal.ts';
import { compareNodes, type ResourceTree } from '../domain/account/resource-tree.ts';
import { type DesiredState, holdsWritable, type Subject } from '../domain/plan/desired-state.ts';
import type { Unlisted } from '../domain/plan/plan.ts';
import type { Place } from '../domain/text/problem.ts';
import { planResource } from './diff-subject.ts';

export interface SortedOthers {
  readonly unlisted: readonly Unlisted[];
  readonly idle: readonly Principal[];
  /** The unlisted principals as subjects of whom nothing is entitled, where the policy takes their rows. */
  readonly losers: readonly Subject[];
}

/** Users and invites that the policy does not name and who hold a row that it may write; and those who hold nothing. */
export function sortOthers(desired: DesiredState, tree: ResourceTree): SortedOthers {
  const people = desired.others.filter(({ access, isExempt }) => !isExempt && access.principal.kind !== 'token');
  const unlisted: Unlisted[] = [];
  const idle: Principal[] = [];
  const losers: Subject[] = [];
  for (const { access } of people) {
    if (access.rows.every((row) => givenBy(row.level) === LEVEL.none)) idle.push(access.principal);
    else if (holdsWritable(access, tree, desired.scope)) {
      unlisted.push(toUnlisted(access, tree));
      if (desired.unlistedRevoke !== null) losers.push(toLoser(access, desired.unlistedRevoke));
    }
  }
  return { unlisted, idle, losers };
}

/** Who is excluded as a whole is no unlisted principal, so that each row is judged by itself. */
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

function toUnlisted(access: AccountAccess, tree: ResourceTree): Unlisted {
  const rows = access.rows.flatMap((row) => {
    const node = tree.find(row);
    return node ? [{ node, level: row.level }] : [];
  });
  return {
    principal: access.principal,
    access: access.access,
    rows: rows
      .sort((a, b) => compareNodes(a.node, b.node))
      .map(({ node, level }) => ({ resource: planResource(node), level })),
  };
}
