import { nameOf, type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { MemberEntitlement } from '../domain/plan/bound-entitlement.ts';
import type { Subject } from '../domain/plan/desired-state.ts';
import type { TeamAuthority } from '../domain/plan/team-authority.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { entryListing, isObservedName } from '../domain/policy/listed-people.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { revokedAt } from '../domain/policy/revoked-at.ts';
import { authorityFinder } from './bind-teams.ts';
import type { PrincipalIndex } from './match-principals.ts';
import type { Named } from './names-at.ts';

/** A `never` rule whose resource is unresolved. */
export interface UnresolvedRule {
  readonly resource: ResourceRef;
  readonly names: (name: PrincipalName) => boolean;
}

/** What the subjects of a name depend on beside its grants. */
interface SubjectSources {
  readonly principals: PrincipalIndex;
  readonly resolved: ResolvedPolicy;
  readonly unresolvedNever: readonly UnresolvedRule[];
  /** By name, the grants that begin soon. */
  readonly shields: ReadonlyMap<string, readonly MemberEntitlement[]>;
}

/** Returns a function that finds the account accesses of a name, with everything that the policy says about them. */
export function subjectsOf(sources: SubjectSources): (named: Named) => readonly Subject[] {
  const { principals, resolved, unresolvedNever } = sources;
  const { policy } = resolved;
  const toAuthority = authoritiesOf(sources);
  return (named) => {
    const matches = principals.match(named.name);
    if (matches.length === 0) return [];
    const authority = toAuthority(named);
    return matches.map(({ access, excluded, unproven, mayBeOwn }) => ({
      name: named.name,
      access,
      running: named.running,
      ended: named.ended,
      offboarded: named.offboarded,
      isProtected: isProtectedName(named.name, resolved),
      isObserved: isObservedName(policy, nameOf(access.principal)),
      excluded: entryListing(policy.ignore, nameOf(access.principal)) ? 'ignored-person' : excluded,
      neverUnresolved: unresolvedNever.find((rule) => rule.names(named.name))?.resource.at ?? null,
      unproven,
      mayBeOwn,
      unlisted: null,
      authority,
      shielding: [],
    }));
  };
}

/** An `ends` of the root file that has come decides everything, and so does any grant of the root file that has begun. */
function authoritiesOf({ resolved: { policy }, shields }: SubjectSources): (named: Named) => TeamAuthority | null {
  if (policy.teams.length === 0) return () => null;
  const filesDecide = authorityFinder();
  return ({ name, running, ended, ahead, offboarded }) => {
    const decided = offboarded === null ? filesDecide([...running, ...ended]) : null;
    if (decided === null) return null;
    const line = 'email' in name ? revokedAt(policy.unlisted, name.email) : null;
    return {
      ...decided,
      revokedAt: line,
      isNamedLater: ahead.some(({ bound }) => bound.reach === null),
      shielding: (line && shields.get(principalNameText(name))) ?? [],
    };
  };
}

/** Whether `protected` lists a name. */
export function isProtectedName(name: PrincipalName, { policy }: ResolvedPolicy): boolean {
  return policy.protected.some((one) => principalNameText(one) === principalNameText(name));
}
