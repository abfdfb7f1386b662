import type { ActualState } from '../domain/account/actual-state.ts';
import { type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { AccountExplanation, ExplainedGrant, NamedGrants } from '../domain/answer/explanation.ts';
import { lazyList } from '../domain/answer/lazy-list.ts';
import type { DesiredState } from '../domain/plan/desired-state.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { type Entitlement, type GrantMember, grantPhase, type ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { compareText } from '../domain/text/text.ts';
import { accessHolders, holderStatuses } from './access-holders.ts';
import { explainAccess } from './explain-access.ts';
import { toGrant } from './explained-grants.ts';
import { indexDispositions } from './row-dispositions.ts';

/** A policy and an account, and the plan between them. */
export interface AccountQuestion {
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly plan: Plan;
  readonly resolved: ResolvedPolicy;
}

/** Like `explainPrincipal`, for every principal of the account, whether the policy names them or not. */
export function explainAccount({ desired, actual, plan, resolved }: AccountQuestion): AccountExplanation {
  const dispositionsOf = indexDispositions(plan);
  const statusOf = holderStatuses(desired);
  const absent = new Set(desired.absent.map(({ name }) => principalNameText(name)));
  return {
    accesses: lazyList(accessHolders(desired, actual), (holder) => ({
      ...explainAccess(holder, { actual, dispositionsOf, nodes: null }),
      status: statusOf(holder),
    })),
    absent: namedGrants(resolved, desired, (_, { name }) => absent.has(principalNameText(name))),
    ahead: namedGrants(
      resolved,
      desired,
      (entitlement, holder) => grantPhase(entitlement, holder, desired.now) === 'ahead',
    ),
  };
}

/** The grants that fit, grouped by the name that they are for. */
function namedGrants(
  { entitlements }: ResolvedPolicy,
  { now }: DesiredState,
  fits: (entitlement: Entitlement, holder: GrantMember) => boolean,
): readonly NamedGrants[] {
  const byName = new Map<string, { readonly name: PrincipalName; readonly grants: ExplainedGrant[] }>();
  for (const entitlement of entitlements) {
    for (const holder of entitlement.holders) {
      if (!fits(entitlement, holder)) continue;
      const grant = toGrant(entitlement, holder, { asked: null, now });
      const key = principalNameText(holder.name);
      const known = byName.get(key);
      if (known) known.grants.push(grant);
      else byName.set(key, { name: holder.name, grants: [grant] });
    }
  }
  return [...byName.entries()].sort(([a], [b]) => compareText(a, b)).map(([, named]) => named);
}
