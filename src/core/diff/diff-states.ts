import { givenBy, LEVEL } from '../domain/account/access-level.ts';
import type { AccessRow, ActualState } from '../domain/account/actual-state.ts';
import { organizationRole } from '../domain/account/organization-role.ts';
import { comparePrincipals, nameOf, type Principal, principalNameText } from '../domain/account/principal.ts';
import { resourceKey } from '../domain/account/resource.ts';
import { isGain } from '../domain/plan/batch.ts';
import type { DesiredState, NamedElsewhere } from '../domain/plan/desired-state.ts';
import type { Difference, HeldRole } from '../domain/plan/plan.ts';
import type { LeftBehind, PlanCounts } from '../domain/plan/plan-counts.ts';
import { compareChanges, compareItems, compareOwners } from '../domain/plan/plan-order.ts';
import type { Unlisted } from '../domain/plan/unlisted.ts';
import { compareText } from '../domain/text/text.ts';
import { type SubjectDifference, subjectDiffer } from './diff-subject.ts';
import { namedWithLessNotices } from './named-with-less.ts';
import { sortOthers } from './others.ts';
import { touchedNotices } from './touched-notices.ts';

/**
 * Compares the desired state with the account. The result is a function of the two and nothing else: no clock and no memory
 * is involved, and the order in which the account was read never changes a byte.
 */
export function diffStates(desired: DesiredState, actual: ActualState): Difference {
  const diffSubject = subjectDiffer(actual.tree, desired);
  const named = desired.subjects.map(diffSubject);
  const { unlisted, idle, losers } = sortOthers(desired, actual.tree, named);
  const differences = [...named, ...losers.map(diffSubject)];
  const changes = differences.flatMap((difference) => difference.changes).sort(compareChanges);
  return {
    account: desired.account,
    mode: desired.mode,
    now: desired.now,
    counts: countPrincipals(named, differences, desired, unlisted),
    changes,
    deferred: differences
      .flatMap((difference) => difference.deferred)
      .sort((a, b) => compareChanges(a.change, b.change)),
    unresolved: desired.unresolved,
    observed: differences.flatMap((difference) => difference.observed).sort(compareChanges),
    unmanageable: differences.flatMap((difference) => difference.unmanageable).sort(compareItems),
    absent: desired.absent.map(({ name, grants, begins }) => ({ name, grants, begins })).sort(compareNames),
    upcoming: [...desired.upcoming].sort(compareNames),
    unlisted: [...unlisted].sort(compareOwners),
    organization: rolesIn(actual),
    idle: [...idle].sort(comparePrincipals),
    redundant: differences.flatMap((difference) => difference.redundant).sort(compareItems),
    ended: differences
      .flatMap((difference) => difference.ended)
      .sort((a, b) => compareItems(a, b) || a.grant.line - b.grant.line),
    unproven: desired.subjects
      .filter((subject) => subject.unproven && subject.excluded === null)
      .map((subject) => subject.access.access)
      .sort((a, b) => a - b),
    notices: [
      ...namedWithLessNotices(named, desired.unlisted),
      ...desired.notices,
      ...touchedNotices(differences, actual.tree.nodes, desired.scope),
    ],
  };
}

/** The roles in the organization: those of the listed accesses first, then of tokens that only the list of API tokens has. */
function rolesIn({ accesses, apiTokens }: ActualState): readonly HeldRole[] {
  const listed = new Set(accesses.map(({ principal }) => (principal.kind === 'token' ? principal.tokenId : null)));
  const tokens = (apiTokens ?? [])
    .filter(({ tokenId }) => !listed.has(tokenId))
    .map(({ tokenId, name, rows }) => ({ principal: { kind: 'token', name, tokenId } as const, access: null, rows }));
  return [
    ...accesses.flatMap(heldRole).sort(compareOwners),
    ...tokens.flatMap(heldRole).sort((a, b) => comparePrincipals(a.principal, b.principal)),
  ];
}

interface RoleHolder<Access> {
  readonly principal: Principal;
  readonly access: Access;
  readonly rows: readonly AccessRow[];
}

function heldRole<Access>({ principal, access, rows }: RoleHolder<Access>) {
  const role = organizationRole(rows);
  if (role === null) return [];
  const { type, id, level } = role;
  return [{ principal, access, resource: { type, id, label: resourceKey(role) }, level }];
}

/** Counts people by e-mail, so that a user with a pending invite is one person. An unlisted principal who loses something is also counted as losing. */
function countPrincipals(
  named: readonly SubjectDifference[],
  all: readonly SubjectDifference[],
  desired: DesiredState,
  unlisted: readonly Unlisted[],
): PlanCounts {
  const gain = new Set<string>();
  const lose = new Set<string>();
  for (const { subject, changes } of all) {
    for (const change of changes) (isGain(change) ? gain : lose).add(principalNameText(subject.name));
  }
  const names = new Set(named.map(({ subject }) => principalNameText(subject.name)));
  const others = new Set(desired.others.map(({ access }) => principalNameText(nameOf(access.principal))));
  return {
    gain: gain.size,
    lose: lose.size,
    untouched: [...names].filter((text) => !gain.has(text) && !lose.has(text)).length,
    notInPolicy: others.size,
    leftBehind: countLeftBehind(unlisted, desired),
  };
}

function countLeftBehind(unlisted: readonly Unlisted[], desired: DesiredState): LeftBehind {
  const isShielded = ({ revokedAt }: Unlisted) => revokedAt !== null;
  const left = unlisted.filter((one) => !isShielded(one) || one.shielded.length > 0);
  return {
    principals: countPeople(left),
    rows: left
      .flatMap((one) => (isShielded(one) ? one.shielded : one.rows))
      .filter(({ level }) => givenBy(level) > LEVEL.none).length,
    by: typeof desired.unlisted.revoke === 'string' ? 'keep' : 'patterns',
    shielded: countPeople(left.filter(isShielded)),
  };
}

function countPeople(unlisted: readonly Unlisted[]): number {
  return new Set(unlisted.map(({ principal }) => principalNameText(nameOf(principal)))).size;
}

function compareNames(a: NamedElsewhere, b: NamedElsewhere): number {
  return compareText(principalNameText(a.name), principalNameText(b.name));
}
