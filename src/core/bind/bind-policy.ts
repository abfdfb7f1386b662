import type { ActualState } from '../domain/account/actual-state.ts';
import { emailKey } from '../domain/account/email.ts';
import { holderKey, nameOf, principalNameText } from '../domain/account/principal.ts';
import type { BoundEntitlement, MemberEntitlement } from '../domain/plan/bound-entitlement.ts';
import {
  type AbsentName,
  type BoundNever,
  type DatedName,
  type DesiredState,
  SHIELDED_BEFORE_MS,
  type Subject,
  type UnnamedAccess,
  type UpcomingName,
} from '../domain/plan/desired-state.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { entryListing, isObservedName } from '../domain/policy/listed-people.ts';
import { neverNames } from '../domain/policy/never.ts';
import { revokedAt } from '../domain/policy/revoked-at.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText } from '../domain/text/text.ts';
import { entitlementBinder } from './bind-entitlements.ts';
import { bindScope } from './bind-scope.ts';
import { isProtectedName, subjectsOf, type UnresolvedRule } from './bind-subjects.ts';
import { bindTeams } from './bind-teams.ts';
import { indexPrincipals, type PrincipalIndex } from './match-principals.ts';
import { type Named, namesAt } from './names-at.ts';
import { emailTwiceNotices, endsSoonNotices, sortNotices } from './notices.ts';
import { renamedFinder } from './renamed-resource.ts';
import { indexResources, type ResourceIndex } from './resource-index.ts';
import { selectWithNotice } from './select-resources.ts';
import type { AheadEntitlement } from './standing.ts';
import { mistypedPeople, peopleLists, unmatchedPeople } from './unmatched-people.ts';
import { unresolvedNames } from './unresolved-names.ts';

/**
 * Binds a policy, by name, to an account, by id, at one moment. If the account does not show exactly what the policy
 * names, the result is a notice and fails closed, never an error.
 */
export function bindPolicy(resolved: ResolvedPolicy, actual: ActualState, now: Instant): DesiredState {
  const { policy } = resolved;
  const resources = indexResources(actual.tree);
  const principals = indexPrincipals(actual, policy.tokens);
  const { scope, unresolved: unresolvedScope, notices: scopeNotices } = bindScope(policy, resources);
  const renamed = renamedFinder(resolved.entitlements, resources, principals);
  const teams = bindTeams(policy.teams, resources);
  const bound = resolved.entitlements.map(entitlementBinder(resources, { scope, reachOf: teams.reachOf, renamed }));
  const names = namesAt(
    bound.map((one) => one.bound),
    policy.ends,
    now,
  );
  const never = bindNever(resolved, resources);
  const shields = shieldsOf([...names.named, ...names.upcoming], now);
  const toSubjects = subjectsOf({ principals, resolved, unresolvedNever: never.unresolved, shields });
  const subjects = names.named.flatMap(toSubjects);
  const absent = names.named.filter((named) => principals.match(named.name).length === 0).map(toAbsent);
  const others = toOthers(actual, subjects, shields, resolved);
  const reaching = new Set([
    ...distinctGrants(names.named.map(({ running }) => running)),
    ...distinctGrants(names.upcoming.map(({ ahead }) => ahead)),
  ]);
  return {
    account: actual.account,
    mode: policy.mode,
    now,
    subjects,
    absent,
    upcoming: names.upcoming.map(toUpcoming),
    dated: [...names.named, ...names.upcoming]
      .filter(({ isDated }) => isDated)
      .sort((a, b) => compareText(principalNameText(a.name), principalNameText(b.name)))
      .map((named) => toDated(named, principals, resolved)),
    unlisted: policy.unlisted,
    others,
    scope,
    never: never.bound,
    unresolved: unresolvedNames({
      grants: distinctGrants(subjects.filter(isWritten).map(({ running }) => running)),
      scope: [...unresolvedScope, ...teams.unresolved],
      never: never.unresolved.map(({ resource }) => resource),
    }),
    notices: sortNotices([
      ...scopeNotices,
      ...teams.notices,
      ...[...new Set(bound.filter((one) => reaching.has(one.bound)).flatMap((one) => one.notices))].flat(),
      ...never.notices,
      ...endsSoonNotices(resolved.entitlements, now),
      ...unmatchedPeople(peopleLists(policy), actual.accesses),
      ...mistypedPeople(absent, others),
      ...emailTwiceNotices(actual.accesses),
    ]),
  };
}

function bindNever(
  resolved: ResolvedPolicy,
  resources: ResourceIndex,
): {
  readonly bound: readonly BoundNever[];
  readonly unresolved: readonly UnresolvedRule[];
  readonly notices: readonly Notice[];
} {
  const bound: BoundNever[] = [];
  const unresolved: UnresolvedRule[] = [];
  const notices: Notice[] = [];
  for (const rule of resolved.policy.never) {
    const { selection, notice } = selectWithNotice(
      rule.resource,
      resources,
      `grantd raises no one whom ${rule.whoText} names`,
    );
    if (notice) notices.push(notice);
    if (selection.kind === 'resolved') bound.push({ rule, nodes: selection.nodes });
    else unresolved.push({ resource: rule.resource, names: (name) => neverNames(rule.who, name, resolved.members) });
  }
  return { bound, unresolved, notices };
}

/** grantd never writes anyone else, whatever a name comes to match. */
function isWritten({ excluded, isObserved }: Subject): boolean {
  return excluded === null && !isObserved;
}

function toDated({ name, grants, end }: Named, principals: PrincipalIndex, resolved: ResolvedPolicy): DatedName {
  const { policy } = resolved;
  const matches = principals.match(name);
  const isWritable = matches.some(
    ({ access, excluded }) =>
      excluded === null &&
      !isObservedName(policy, nameOf(access.principal)) &&
      entryListing(policy.ignore, nameOf(access.principal)) === null,
  );
  return {
    name,
    grants,
    end,
    presence: isWritable ? 'writable' : matches.length > 0 ? 'excluded' : 'absent',
    isProtected: isProtectedName(name, resolved),
  };
}

function toAbsent({ name, lines, running }: Named): AbsentName {
  return { name, grants: lines, begins: null, running };
}

function toUpcoming({ name, lines, ahead }: Named): UpcomingName {
  const begins = ahead.reduce<Instant | null>((first, one) => Math.min(first ?? one.begins, one.begins), null);
  const isNamedByRoot = ahead.length === 0 || ahead.some(({ bound }) => bound.reach === null);
  return { name, grants: lines, begins, isNamedByRoot };
}

/** The grants in some lists. Many names share a list, so each list is looked at once. */
function distinctGrants(lists: readonly (readonly MemberEntitlement[])[]): ReadonlySet<BoundEntitlement> {
  const grants = new Set<BoundEntitlement>();
  for (const list of new Set(lists)) for (const { bound } of list) grants.add(bound);
  return grants;
}

/** By name, the grants that begin soon. Any other grant ahead leaves its people to `unlisted`. */
function shieldsOf(names: readonly Named[], now: Instant): ReadonlyMap<string, readonly MemberEntitlement[]> {
  const isSoon = ({ begins }: AheadEntitlement) => begins - now <= SHIELDED_BEFORE_MS;
  const soon = new Map([...new Set(names.map(({ ahead }) => ahead))].map((ahead) => [ahead, ahead.filter(isSoon)]));
  return new Map(
    names.map(({ name, ahead }) => [principalNameText(name), soon.get(ahead) as readonly AheadEntitlement[]]),
  );
}

function toOthers(
  actual: ActualState,
  subjects: readonly Subject[],
  shields: ReadonlyMap<string, readonly MemberEntitlement[]>,
  resolved: ResolvedPolicy,
): readonly UnnamedAccess[] {
  const { policy } = resolved;
  const identities = new Set(subjects.map((subject) => holderKey(subject.access.principal, subject.access.access)));
  const exempt = new Set(policy.protected.map(principalNameText));
  return actual.accesses
    .filter((access) => !identities.has(holderKey(access.principal, access.access)))
    .map((access): UnnamedAccess => {
      if (access.principal.kind === 'token')
        return { access, isExempt: false, isObserved: false, revokedAt: null, shielding: [] };
      const email = emailKey(access.principal.email);
      const isExempt = entryListing(policy.ignore, { email }) !== null || exempt.has(email);
      const line = isExempt ? null : revokedAt(policy.unlisted, email);
      const shielding = (line && shields.get(email)) ?? [];
      return { access, isExempt, isObserved: isObservedName(policy, { email }), revokedAt: line, shielding };
    });
}
