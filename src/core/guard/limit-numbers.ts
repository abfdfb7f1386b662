import { rowsAfter } from '../domain/account/account-after.ts';
import type { AccountAccess } from '../domain/account/actual-state.ts';
import { nameOf, principalNameText } from '../domain/account/principal.ts';
import { batchesOf } from '../domain/plan/batch.ts';
import { type LimitPool, poolOf } from '../domain/plan/change-cause.ts';
import { holdsWritable } from '../domain/plan/desired-state.ts';
import { datedPhase, type GrantMember, type ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { isObservedName } from '../domain/policy/listed-people.ts';
import type { Instant } from '../domain/text/instant.ts';
import { type GuardInput, writableSubjects } from './guard-input.ts';

/** How many may lose anything today, and how many hold a row that the policy may write, or have lately lost theirs. */
export function revokesMost(
  input: GuardInput & { readonly pool?: LimitPool },
  lostLately: ReadonlyMap<string, unknown> = new Map(),
): { readonly limit: number; readonly holders: number } {
  const { principals, percent } = input.resolved.policy.limits.revokes;
  const holders = new Set([...namesOfHolders(input), ...lostLately.keys()]).size;
  return { limit: Math.max(1, Math.min(principals, Math.floor((percent * holders) / 100))), holders };
}

/** How many may gain anything today, and how many the policy lists. */
export function gainsMost({ desired, resolved }: GuardInput): { readonly limit: number; readonly listed: number } {
  const { principals, percent } = resolved.policy.limits.gains;
  const listed = countListed(resolved, desired.now);
  const share = percent === null ? principals : Math.floor((percent * listed) / 100);
  return { limit: Math.max(1, Math.min(principals, share)), listed };
}

/** How many people and tokens the grants name that have begun, ended ones too, in the account or not. */
function countListed({ entitlements }: ResolvedPolicy, now: Instant): number {
  const names = new Set<string>();
  const known = new Set<readonly GrantMember[]>();
  for (const entitlement of entitlements) {
    const { from, holders } = entitlement;
    // Grants without `from` name all of their members, and many share one list.
    if ((from !== null && from.at > now) || known.has(holders)) continue;
    if (from === null) known.add(holders);
    for (const member of holders)
      if (datedPhase(entitlement, member, now).phase !== 'never') names.add(principalNameText(member.name));
  }
  return names.size;
}

/**
 * Those with a row that the policy may write. What the policy asks for is a share of those who would hold rows without drift and
 * without newcomers. `observe` counts towards no limit, so those whom it lists are left out.
 */
function namesOfHolders({
  desired,
  actual,
  difference,
  resolved: { policy },
  pool = 'policy',
}: Parameters<typeof revokesMost>[0]): readonly string[] {
  const accesses = new Map<number, AccountAccess>(actual.accesses.map((access) => [access.access, access]));
  for (const { access } of writableSubjects(desired).values()) accesses.set(access.access, access);
  const byOthers = pool === 'policy' ? difference.changes.filter(({ cause }) => poolOf(cause) !== 'policy') : [];
  const undone = new Map(batchesOf(byOthers).map(({ access, changes }) => [access, changes]));
  const holding = [...accesses.values()].filter((holder) => {
    const rows = rowsAfter(holder.rows, undone.get(holder.access) ?? []);
    return holdsWritable({ ...holder, rows }, actual.tree, desired.scope);
  });
  const names = holding.map(({ principal }) => nameOf(principal));
  return names.filter((name) => !isObservedName(policy, name)).map(principalNameText);
}
