import type { AccountAccess, ActualState } from '../domain/account/actual-state.ts';
import { nameOf, principalNameText } from '../domain/account/principal.ts';
import { isGain, makesAccountAdmin } from '../domain/plan/batch.ts';
import { type DesiredState, holdsWritable } from '../domain/plan/desired-state.ts';
import type { Change } from '../domain/plan/plan.ts';
import type { Instant } from '../domain/text/instant.ts';
import { type GuardFinding, type GuardInput, listNames, namesOf, writableSubjects } from './guard-input.ts';
import { endsBehind } from './loss-by-end.ts';

/** Limits how many may lose anything in one run: the smaller of a number and a share of those with rows, at least one. */
export function revokeLimit(input: GuardInput, changes: readonly Change[]): GuardFinding | null {
  const { desired, actual, resolved, restraints } = input;
  const { acceptedAt } = restraints;
  const endsOf = endsBehind(desired, resolved);
  const wasAhead = (change: Change) => acceptedAt !== null && endsOf(change).some((at) => at > acceptedAt);
  const counted = changes.filter((change) => !isGain(change) && !wasAhead(change));
  const losers = namesOf(counted);
  // The limit is at least one, so there is no need to count the holders.
  if (losers.length <= 1) return null;
  const { principals, percent } = resolved.policy.limits.revokes;
  const holders = countHolders(desired, actual);
  const limit = Math.max(1, Math.min(principals, Math.floor((percent * holders) / 100)));
  if (losers.length <= limit) return null;
  const byEnd = namesOf(counted.filter((change) => endsOf(change).length > 0)).length;
  return {
    refusal: {
      rule: 'revoke-limit',
      message:
        `${losers.length} would lose access: ${listNames(losers)}. The limit is ${limit}: the smaller of ${principals} and ` +
        `${percent} % of the ${holders} with rows, at least 1${byEnd > 0 ? `. ${byEnd} of them lose it by an end, which counts: ${whyEndsCount(acceptedAt)}` : ''}`,
      remedy:
        'approve the parts that you intend, make the change in smaller steps, or raise `limits.revokes` in a reviewed change of the policy',
    },
    held: counted,
  };
}

/** Limits how many may newly become account admin in one run. */
export function adminLimit({ resolved }: GuardInput, changes: readonly Change[]): GuardFinding | null {
  const counted = changes.filter(makesAccountAdmin);
  const made = namesOf(counted);
  const { newAdmins } = resolved.policy.limits;
  if (made.length <= newAdmins) return null;
  return {
    refusal: {
      rule: 'admin-limit',
      message: `${made.length} would newly become account admin: ${listNames(made)}. The limit is ${newAdmins}`,
      remedy:
        'approve the parts that you intend, make the change in smaller steps, or raise `limits.newAdmins` in a reviewed change of the policy',
    },
    held: counted,
  };
}

/** A policy in which no grant has begun removes nothing: it is more likely to be cut off than intended. */
export function emptyPolicy({ resolved, desired }: GuardInput, changes: readonly Change[]): GuardFinding | null {
  const counted = changes.filter((change) => !isGain(change));
  const losers = namesOf(counted);
  const { grants } = resolved.policy;
  if (losers.length === 0 || grants.some(({ from }) => from === null || from.at <= desired.now)) return null;
  return {
    refusal: {
      rule: 'empty-policy',
      message: `${grants.length === 0 ? 'the policy has no grants at all' : 'no grant of the policy has begun'}, and ${losers.length} would lose access: ${listNames(losers)}`,
      remedy: 'restore the grants; to empty the account on purpose, approve the parts, or keep one grant',
    },
    held: counted,
  };
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
