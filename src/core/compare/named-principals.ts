import { nameOfEnd, type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { Entitlement, ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText } from '../domain/text/text.ts';
import { entryKey, type MemberGrant, spanOf } from './entry.ts';

/** One name of a policy, with the grants that reach it and the moment from which the policy names it. */
export interface NamedPrincipal {
  readonly name: PrincipalName;
  readonly grants: readonly MemberGrant[];
  /** When the first grant or an `ends` names them; minus infinity if no date is written. */
  readonly namedFrom: Instant;
  /** Equal for two principals if their policies give them the same at every moment. */
  readonly signature: string;
}

/** Every principal that a policy names, now or ahead, by name. */
export function namedPrincipals({ entitlements, policy }: ResolvedPolicy): ReadonlyMap<string, NamedPrincipal> {
  const found = new Map<string, { readonly name: PrincipalName; readonly grants: MemberGrant[]; namedFrom: Instant }>();
  const collect = (name: PrincipalName) => {
    const key = principalNameText(name);
    const holder = found.get(key) ?? { name, grants: [], namedFrom: Number.POSITIVE_INFINITY };
    found.set(key, holder);
    return holder;
  };
  for (const entitlement of entitlements) {
    for (const holder of entitlement.holders) {
      const { from, until } = spanOf({ entitlement, holder });
      if (until <= from) continue;
      const named = collect(holder.name);
      named.grants.push({ entitlement, holder });
      named.namedFrom = Math.min(named.namedFrom, from);
    }
  }
  for (const end of policy.ends) {
    const named = collect(nameOfEnd(end));
    named.namedFrom = Math.min(named.namedFrom, end.end.at);
  }
  const signatures = new Map(entitlements.map((entitlement) => [entitlement, entitlementSignature(entitlement)]));
  return new Map(
    [...found].map(([key, { name, grants, namedFrom }]) => [
      key,
      { name, grants, namedFrom, signature: signatureOf(grants, signatures) },
    ]),
  );
}

function signatureOf(grants: readonly MemberGrant[], signatures: ReadonlyMap<Entitlement, string>): string {
  const parts = grants.map((one) => {
    const { from, until } = spanOf(one);
    return `${signatures.get(one.entitlement)}\n${from} ${until}`;
  });
  return [...new Set(parts)].sort(compareText).join('\n\n');
}

/** What a grant gives, independent of its members and the names of its roles. */
function entitlementSignature({ resources, except }: Entitlement): string {
  const gives = resources.map(({ resource, level }) => `${entryKey(resource, except)} ${level}`);
  return [...new Set(gives)].sort(compareText).join('\n');
}
