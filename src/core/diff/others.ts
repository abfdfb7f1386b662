import { type AccessLevel, givenBy, LEVEL } from '../domain/account/access-level.ts';
import { nameOf, type Principal } from '../domain/account/principal.ts';
import { compareNodes, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import { type DesiredState, holdsPlanned, type Subject, type UnnamedAccess } from '../domain/plan/desired-state.ts';
import { planResource } from '../domain/plan/plan-resource.ts';
import type { HeldRow, Unlisted } from '../domain/plan/unlisted.ts';
import type { Place } from '../domain/text/problem.ts';
import type { SubjectDifference } from './diff-subject.ts';
import { shieldedRows } from './subject-rows.ts';

/** The people that no begun grant names, by what follows for them. */
export interface SortedOthers {
  readonly unlisted: readonly Unlisted[];
  readonly idle: readonly Principal[];
  /** The unlisted principals whose rows the policy removes, as subjects without any entitlement; grants ahead may shield some. */
  readonly losers: readonly Subject[];
}

/**
 * Splits the users and invites that the policy does not name: those with a row whose change it may plan, and those without any row.
 * Those whom only team files name are unlisted beyond what these decide.
 */
export function sortOthers(
  desired: DesiredState,
  tree: ResourceTree,
  named: readonly SubjectDifference[],
): SortedOthers {
  const people = desired.others.filter(({ access, isExempt }) => !isExempt && access.principal.kind !== 'token');
  const unlisted: Unlisted[] = named.flatMap(beyondTeams);
  const idle: Principal[] = [];
  const losers: Subject[] = [];
  for (const other of people) {
    const { access, revokedAt } = other;
    if (access.rows.every((row) => givenBy(row.level) === LEVEL.none)) idle.push(access.principal);
    else if (holdsPlanned(access, tree, desired.scope)) {
      unlisted.push(toUnlisted(other, tree));
      if (revokedAt !== null) losers.push(toLoser(other, revokedAt));
    }
  }
  return { unlisted, idle, losers };
}

/** Nothing excludes the access as a whole, because excluded people are not unlisted: the diff judges each row by itself. */
function toLoser({ access, isObserved, shielding }: UnnamedAccess, unlisted: Place): Subject {
  return {
    name: nameOf(access.principal),
    access,
    running: [],
    ended: [],
    offboarded: null,
    isProtected: false,
    isObserved,
    excluded: null,
    neverUnresolved: null,
    unproven: false,
    mayBeOwn: false,
    unlisted,
    authority: null,
    shielding,
  };
}

function toUnlisted({ access, revokedAt, isObserved, shielding }: UnnamedAccess, tree: ResourceTree): Unlisted {
  const held = access.rows.flatMap((row): readonly (readonly [ResourceNode, AccessLevel])[] => {
    const node = tree.find(row);
    return node ? [[node, row.level]] : [];
  });
  const shielded = shielding.length === 0 ? [] : [...shieldedRows(access.rows, shielding, tree).levels];
  return {
    principal: access.principal,
    access: access.access,
    revokedAt,
    isObserved,
    teamFiles: [],
    rows: inOrder(held),
    shielded: inOrder(shielded),
  };
}

/** What someone whom only team files name holds beyond these. Who is protected or never written is not unlisted. */
function beyondTeams({ subject, beyond }: SubjectDifference): readonly Unlisted[] {
  const { access, authority, isObserved, isProtected, excluded } = subject;
  const { principal } = access;
  if (authority === null || beyond.length === 0 || isProtected || excluded !== null) return [];
  if (principal.kind === 'token') return [];
  const { revokedAt, files } = authority;
  const left = beyond.filter(({ after }) => after > LEVEL.none);
  return [
    {
      principal,
      access: access.access,
      revokedAt,
      isObserved,
      teamFiles: files,
      rows: inOrder(beyond.map(({ node, has }) => [node, has])),
      shielded: revokedAt === null ? [] : inOrder(left.map(({ node, after }) => [node, after])),
    },
  ];
}

function inOrder(rows: readonly (readonly [ResourceNode, AccessLevel])[]): readonly HeldRow[] {
  const sorted = [...rows].sort(([a], [b]) => compareNodes(a, b));
  return sorted.map(([node, level]) => ({ resource: planResource(node), level }));
}
