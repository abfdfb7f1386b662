import type { AccountAccess, ActualState } from '../domain/account/actual-state.ts';
import { nameOf, principalNameText } from '../domain/account/principal.ts';
import { isGain, makesAccountAdmin } from '../domain/plan/batch.ts';
import { type DesiredState, holdsWritable } from '../domain/plan/desired-state.ts';
import type { Change } from '../domain/plan/plan.ts';
import { datedPhase, type ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { Instant } from '../domain/text/instant.ts';
import { type GuardFinding, type JudgedInput, listPrincipals, namesOf, writableSubjects } from './guard-input.ts';
import { endsBehind } from './loss-by-end.ts';

/** Limits how many may lose anything in one run: the smaller of a number and a share of those with rows, at least one. */
export function revokeLimit(judged: JudgedInput, changes: readonly Change[]): GuardFinding | null {
  const { desired, actual, resolved, restraints } = judged;
  const { acceptedAt } = restraints;
  const endsOf = endsBehind(desired, resolved);
  const wasAhead = (change: Change) => acceptedAt !== null && endsOf(change).some((at) => at > acceptedAt);
  const { counted, held, byApproval } = countOf(judged, changes, (change) => !isGain(change) && !wasAhead(change));
  const losers = namesOf(counted);
  // The limit is at least one, so there is no need to count the holders.
  if (losers.length <= 1) return null;
  const { principals, percent } = resolved.policy.limits.revokes;
  const holders = countHolders(desired, actual);
  const limit = Math.max(1, Math.min(principals, Math.floor((percent * holders) / 100)));
  if (losers.length <= limit || held.length === 0) return null;
  const byEnd = namesOf(counted.filter((change) => endsOf(change).length > 0)).length;
  return {
    refusal: {
      rule: 'revoke-limit',
      message:
        `${losers.length} would lose access: ${listPrincipals(counted)}. The limit is ${limit}: the smaller of ${principals} and ` +
        `${percent} % of the ${holders} with rows, at least 1${byApproval}${byEnd > 0 ? `. ${byEnd} of them lose it by an end, which counts: ${whyEndsCount(acceptedAt)}` : ''}`,
      remedy:
        'approve the parts that you intend, make the change in smaller steps, or raise `limits.revokes` in a reviewed change of the policy',
    },
    held,
  };
}

/** Limits how many may gain anything in one run: a number, or if it is smaller a share of those listed, at least one. */
export function gainLimit(judged: JudgedInput, changes: readonly Change[]): GuardFinding | null {
  const { desired, resolved } = judged;
  const { counted, held, byApproval } = countOf(judged, changes, isGain);
  const gainers = namesOf(counted);
  if (gainers.length <= 1) return null;
  const { principals, percent } = resolved.policy.limits.gains;
  const listed = countListed(resolved, desired.now);
  const share = percent === null ? principals : Math.floor((percent * listed) / 100);
  const limit = Math.max(1, Math.min(principals, share));
  if (gainers.length <= limit || held.length === 0) return null;
  const why =
    percent === null
      ? ''
      : `: the smaller of ${principals} and ${percent} % of the ${listed} that the policy lists, at least 1`;
  return {
    refusal: {
      rule: 'gain-limit',
      message: `${gainers.length} would gain access: ${listPrincipals(counted)}. The limit is ${limit}${why}${byApproval}`,
      remedy:
        'approve the parts that you intend, make the change in smaller steps, or raise `limits.gains` in a reviewed change of the policy',
    },
    held,
  };
}

/** Limits how many may newly become account admin in one run. */
export function adminLimit(judged: JudgedInput, changes: readonly Change[]): GuardFinding | null {
  const { counted, held, byApproval } = countOf(judged, changes, makesAccountAdmin);
  const made = namesOf(counted);
  const { newAdmins } = judged.resolved.policy.limits;
  if (made.length <= newAdmins || held.length === 0) return null;
  return {
    refusal: {
      rule: 'admin-limit',
      message: `${made.length} would newly become account admin: ${listPrincipals(counted)}. The limit is ${newAdmins}${byApproval}`,
      remedy:
        'approve the parts that you intend, make the change in smaller steps, or raise `limits.newAdmins` in a reviewed change of the policy',
    },
    held,
  };
}

/** A policy in which no grant has begun removes nothing: it is more likely to be cut off than intended. */
export function emptyPolicy(
  { resolved, desired, approved }: JudgedInput,
  changes: readonly Change[],
): GuardFinding | null {
  const counted = changes.filter((change) => !isGain(change) && !approved.has(change));
  const losers = namesOf(counted);
  const { grants } = resolved.policy;
  if (losers.length === 0 || grants.some(({ from }) => from === null || from.at <= desired.now)) return null;
  return {
    refusal: {
      rule: 'empty-policy',
      message: `${grants.length === 0 ? 'the policy has no grants at all' : 'no grant of the policy has begun'}, and ${losers.length} would lose access: ${listPrincipals(counted)}`,
      remedy: 'restore the grants; to empty the account on purpose, approve the parts, or keep one grant',
    },
    held: counted,
  };
}

/**
 * What a limit counts: changes of this plan, and those that this run has written by approval. It holds only what is not approved.
 * `byApproval` says how many principals an approval covers, as the end of a message.
 */
function countOf(
  { approved, restraints }: JudgedInput,
  changes: readonly Change[],
  isCounted: (change: Change) => boolean,
): { readonly counted: readonly Change[]; readonly held: readonly Change[]; readonly byApproval: string } {
  const planned = changes.filter(isCounted);
  const written = restraints.writtenByApproval.filter(isCounted);
  const covered = namesOf([...planned.filter((change) => approved.has(change)), ...written]).length;
  return {
    counted: [...planned, ...written],
    held: planned.filter((change) => !approved.has(change)),
    byApproval:
      covered === 0
        ? ''
        : `. ${covered} of them ${covered === 1 ? 'is approved, and counts' : 'are approved, and count'}`,
  };
}

/** How many people and tokens the grants name that have begun, ended ones too, in the account or not. */
function countListed({ entitlements }: ResolvedPolicy, now: Instant): number {
  const names = new Set<string>();
  for (const entitlement of entitlements) {
    for (const holder of entitlement.holders) {
      const { phase } = datedPhase(entitlement, holder, now);
      if (phase === 'running' || phase === 'ended') names.add(principalNameText(holder.name));
    }
  }
  return names.size;
}

function countHolders(desired: DesiredState, actual: ActualState): number {
  const accesses = new Map<number, AccountAccess>(actual.accesses.map((access) => [access.access, access]));
  for (const { access } of writableSubjects(desired).values()) accesses.set(access.access, access);
  const holding = [...accesses.values()].filter((access) => holdsWritable(access, actual.tree, desired.scope));
  return new Set(holding.map((access) => principalNameText(nameOf(access.principal)))).size;
}

function whyEndsCount(acceptedAt: Instant | null): string {
  return acceptedAt === null
    ? 'there is no record of whether it was still ahead when this policy was first accepted'
    : 'it was already past when this policy was first accepted';
}
