import type {
  EntitledResource,
  Entitlement,
  GrantMember,
  NamedPlace,
  ResolvedPolicy,
} from '../domain/policy/entitlement.ts';
import { expandGroups, type Reached } from '../domain/policy/expand-groups.ts';
import type { End, Grant, GrantedResource, Policy, Role } from '../domain/policy/policy.ts';
import { plainName } from '../domain/policy/team.ts';

/**
 * Turns a policy into entitlements: who should have what, by which line. It works offline and by name, so that a pull
 * request can be checked without a token. Binding to the account's ids comes later. It reads no clock.
 */
export function resolvePolicy(policy: Policy): ResolvedPolicy {
  const expansion = expandGroups(policy.groups);
  const holdersOf = sharedHolders(policy.ends);
  const resourcesOf = sharedResources(policy.roles);
  const inRules = new Set(
    [...policy.never, ...policy.require].map(({ who }) => (who?.kind === 'group' ? who.group : null)),
  );
  return {
    policy,
    entitlements: policy.grants.map((grant) => ({
      grant: grant.at,
      reason: grant.reason,
      from: grant.from,
      until: grant.until,
      holders: holdersOf(expansion.reach(grant.to)),
      resources: resourcesOf(grant),
      except: grant.except,
      team: grant.team,
    })) satisfies readonly Entitlement[],
    members: new Map(
      policy.groups
        .filter((group) => inRules.has(group.name))
        .map((group) => [group.name, expansion.reach(group.members).map((reached) => reached.name)]),
    ),
  };
}

/** The members of a grant: one list for all grants that reach the same list of principals. */
function sharedHolders(ends: readonly End[]): (reached: readonly Reached[]) => readonly GrantMember[] {
  const endOf = new Map(ends.map((end) => [end.email, end]));
  const known = new Map<readonly Reached[], readonly GrantMember[]>();
  return (reached) => {
    const holders = known.get(reached) ?? reached.map((one) => toHolder(one, endOf));
    known.set(reached, holders);
    return holders;
  };
}

function toHolder({ name, groups, ways }: Reached, endOf: ReadonlyMap<string, End>): GrantMember {
  const end = 'email' in name ? endOf.get(name.email) : undefined;
  return { name, groups, otherPaths: ways - 1, end: end ?? null };
}

/** What a grant gives: one list for all grants of a role. */
function sharedResources(roles: readonly Role[]): (grant: Grant) => readonly EntitledResource[] {
  const given = new Map(
    roles.map((role) => [
      role.name,
      role.resources.map((granted) => toEntitled(granted, { name: plainName(role.name), at: role.at })),
    ]),
  );
  return ({ gives }) =>
    'resources' in gives ? gives.resources.map((granted) => toEntitled(granted, null)) : (given.get(gives.role) ?? []);
}

function toEntitled(granted: GrantedResource, role: NamedPlace | null): EntitledResource {
  return { resource: granted.resource, level: granted.level, role };
}
