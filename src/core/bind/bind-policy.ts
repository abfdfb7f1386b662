import type { AccountAccess, ActualState } from '../domain/account/actual-state.ts';
import { emailKey } from '../domain/account/email.ts';
import { type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type {
  BoundEntitlement,
  BoundNever,
  DesiredState,
  MemberEntitlement,
  NamedElsewhere,
  Subject,
  UnnamedAccess,
} from '../domain/plan/desired-state.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { matchesName } from '../domain/policy/name-pattern.ts';
import { neverNames } from '../domain/policy/never.ts';
import { revokedAt } from '../domain/policy/revoked-at.ts';
import type { Instant } from '../domain/text/instant.ts';
import type { Place } from '../domain/text/problem.ts';
import { bindEntitlement } from './bind-entitlements.ts';
import { bindScope } from './bind-scope.ts';
import { indexPrincipals, type PrincipalIndex } from './match-principals.ts';
import { type Named, namesAt } from './names-at.ts';
import { emailTwiceNotices, endsSoonNotices, sortNotices } from './notices.ts';
import { indexResources, type ResourceIndex } from './resource-index.ts';
import { selectWithNotice } from './select-resources.ts';

/**
 * Binds a policy, by name, to an account, by id, at one moment. If the account does not show exactly what the policy
 * names, the result is a notice and fails closed, never an error.
 */
export function bindPolicy(resolved: ResolvedPolicy, actual: ActualState, now: Instant): DesiredState {
  const { policy } = resolved;
  const resources = indexResources(actual.tree);
  const principals = indexPrincipals(actual, policy.tokens);
  const { scope, notices: scopeNotices } = bindScope(policy, resources);
  const bound = resolved.entitlements.map((entitlement) => bindEntitlement(entitlement, resources, scope));
  const names = namesAt(
    bound.map((one) => one.bound),
    policy.ends,
    now,
  );
  const never = bindNever(resolved, resources);
  const subjects = names.named.flatMap((named) => toSubjects(named, principals, resolved, never.unresolved));
  const ahead = new Set<BoundEntitlement>(names.upcoming.flatMap((named) => named.ahead.map((held) => held.bound)));
  return {
    account: actual.account,
    mode: policy.mode,
    now,
    subjects,
    absent: names.named.filter((named) => principals.match(named.name).length === 0).map(toAbsent),
    upcoming: names.upcoming.map(toUpcoming),
    unlisted: policy.unlisted,
    others: toOthers(actual, subjects, names.upcoming, resolved),
    scope,
    never: never.bound,
    notices: sortNotices([
      ...scopeNotices,
      ...bound.filter((one) => names.running.has(one.bound) || ahead.has(one.bound)).flatMap((one) => one.notices),
      ...never.notices,
      ...endsSoonNotices(names.ending, now),
      ...emailTwiceNotices(actual.accesses),
    ]),
  };
}

interface UnresolvedRule {
  readonly at: Place;
  readonly names: (name: PrincipalName) => boolean;
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
    else unresolved.push({ at: rule.resource.at, names: (name) => neverNames(rule.who, name, resolved.members) });
  }
  return { bound, unresolved, notices };
}

function toSubjects(
  named: Named,
  principals: PrincipalIndex,
  resolved: ResolvedPolicy,
  unresolved: readonly UnresolvedRule[],
): readonly Subject[] {
  const { policy } = resolved;
  const text = principalNameText(named.name);
  return principals.match(named.name).map(({ access, excluded, unproven }) => ({
    name: named.name,
    access,
    running: named.running,
    ended: named.ended,
    offboarded: named.offboarded,
    isProtected: policy.protected.some((name) => principalNameText(name) === text),
    excluded: isIgnored(access, resolved) ? 'ignored-person' : excluded,
    neverUnresolved: unresolved.find((rule) => rule.names(named.name))?.at ?? null,
    unproven,
    unlisted: null,
  }));
}

function toAbsent({ name, running, ended, ahead }: Named): NamedElsewhere {
  return { name, grants: grantsOf([...running, ...ended, ...ahead]), begins: null };
}

function toUpcoming({ name, ahead }: Named): NamedElsewhere {
  const begins = ahead.length > 0 ? Math.min(...ahead.map((one) => one.begins)) : null;
  return { name, grants: grantsOf(ahead), begins };
}

function grantsOf(held: readonly MemberEntitlement[]): readonly Place[] {
  return held.map((one) => one.bound.entitlement.grant);
}

function toOthers(
  actual: ActualState,
  subjects: readonly Subject[],
  upcoming: readonly Named[],
  resolved: ResolvedPolicy,
): readonly UnnamedAccess[] {
  const identities = new Set(subjects.map((subject) => identityOf(subject.access)));
  const ahead = new Set(upcoming.map((one) => principalNameText(one.name)));
  const exempt = new Set(resolved.policy.protected.map(principalNameText));
  return actual.accesses
    .filter((access) => !identities.has(identityOf(access)))
    .filter(({ principal }) => principal.kind === 'token' || !ahead.has(emailKey(principal.email)))
    .map((access): UnnamedAccess => {
      if (access.principal.kind === 'token') return { access, isExempt: false, revokedAt: null };
      const email = emailKey(access.principal.email);
      const isExempt = isIgnored(access, resolved) || exempt.has(email);
      return { access, isExempt, revokedAt: isExempt ? null : revokedAt(resolved.policy.unlisted, email) };
    });
}

/** The identity of the principal, not of the access: a declared token may have the access id of someone else. */
function identityOf({ access, principal }: AccountAccess): string {
  return principal.kind === 'token' ? `token ${principal.tokenId}` : `person ${access}`;
}

function isIgnored({ principal }: AccountAccess, { policy }: ResolvedPolicy): boolean {
  if (principal.kind === 'token') return false;
  const email = emailKey(principal.email);
  return policy.ignore.people.some(({ pattern }) => matchesName(pattern, email));
}
