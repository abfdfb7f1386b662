import type {
  EntitledResource,
  Entitlement,
  GrantMember,
  NamedPlace,
  ResolvedPolicy,
} from '../domain/policy/entitlement.ts';
import type { End, Grant, GrantedResource, Policy, Role } from '../domain/policy/policy.ts';
import { expandGroups, type Reached } from './expand-groups.ts';

/**
 * Turns a policy into entitlements: who should have what, by which line. It works offline and by name, so that a pull
 * request can be checked without a token. Binding to the account's ids comes later. It reads no clock.
 */
export function resolvePolicy(policy: Policy): ResolvedPolicy {
  const expansion = expandGroups(policy.groups);
  const roles = new Map(policy.roles.map((role) => [role.name, role]));
  const ends = new Map(policy.ends.map((end) => [end.email, end]));
  const inNever = new Set(policy.never.map(({ who }) => (who.kind === 'group' ? who.group : null)));
  return {
    policy,
    entitlements: policy.grants.map((grant) => ({
      grant: grant.at,
      reason: grant.reason,
      from: grant.from,
      holders: expansion.reach(grant.to).map((reached) => toHolder(reached, grant, ends)),
      resources: givenResources(grant, roles),
      except: grant.except,
    })) satisfies readonly Entitlement[],
    members: new Map(
      policy.groups
        .filter((group) => inNever.has(group.name))
        .map((group) => [group.name, expansion.reach(group.members).map((reached) => reached.name)]),
    ),
  };
}

function toHolder(reached: Reached, grant: Grant, ends: ReadonlyMap<string, End>): GrantMember {
  const end = 'email' in reached.name ? ends.get(reached.name.email) : undefined;
  const isEndedByPerson = end !== undefined && (grant.until === null || end.end.at < grant.until.at);
  return {
    name: reached.name,
    groups: reached.groups,
    otherPaths: reached.ways - 1,
    until: isEndedByPerson ? end.end : grant.until,
    endedBy: isEndedByPerson ? end.at : null,
  };
}

function givenResources(grant: Grant, roles: ReadonlyMap<string, Role>): readonly EntitledResource[] {
  if ('resources' in grant.gives) return grant.gives.resources.map((granted) => toEntitled(granted, null));
  const role = roles.get(grant.gives.role);
  const named: NamedPlace | null = role ? { name: role.name, at: role.at } : null;
  return (role?.resources ?? []).map((granted) => toEntitled(granted, named));
}

function toEntitled(granted: GrantedResource, role: NamedPlace | null): EntitledResource {
  return { resource: granted.resource, level: granted.level, role };
}
