import type { AccountAccess, ActualState } from '../domain/account/actual-state.ts';
import { holdsWritable } from '../domain/account/holds-writable.ts';
import { nameOf, principalNameText } from '../domain/account/principal.ts';
import { isGain, makesAccountAdmin } from '../domain/plan/batch.ts';
import type { DesiredState } from '../domain/plan/desired-state.ts';
import type { Change } from '../domain/plan/plan.ts';
import type { Instant } from '../domain/text/instant.ts';
import { type GuardFinding, type GuardInput, listNames, namesOf, writableSubjects } from './guard-input.ts';
import { endsBehind } from './loss-by-end.ts';

/** At most so many may lose anything in one run: the smaller of a number and a share of those who hold rows, at least one. */
export function revokeLimit(judged: GuardInput, changes: readonly Change[]): GuardFinding | null {
  const { desired, actual, resolved, restraints } = judged;
  const { acceptedAt } = restraints;
  const endsOf = endsBehind(desired, resolved);
  const wasAhead = (change: Change) => acceptedAt !== null && endsOf(change).some((at) => at > acceptedAt);
  const counted = changes.filter((change) => !isGain(change) && !wasAhead(change));
  const losers = namesOf(counted);
  // The limit is at least one, so whoever may write on the account need not be counted.
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
        `${percent} % of the ${holders} who hold rows, at least 1${byEnd > 0 ? `. ${byEnd} of them lose it by an end, which counts: ${whyEndsCount(acceptedAt)}` : ''}`,
      remedy:
        'approve the parts that are meant, make the change in smaller steps, or raise `limits.revokes` in a reviewed change of the policy',
    },
    held: counted,
  };
}

/** At most so many may newly become account admin in one run. */
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
        'approve the parts that are meant, make the change in smaller steps, or raise `limits.newAdmins` in a reviewed change of the policy',
    },
    held: counted,
  };
}

/** A policy without any grant takes nothing: it is more likely to be cut off than meant. */
export function emptyPolicy({ resolved }: GuardInput, changes: readonly Change[]): GuardFinding | null {
  const counted = changes.filter((change) => !isGain(change));
  const losers = namesOf(counted);
  if (resolved.policy.grants.length > 0 || losers.length === 0) return null;
  return {
    refusal: {
      rule: 'empty-policy',
      message: `the policy holds no grant at all, and ${losers.length} would lose access: ${listNames(losers)}`,
      remedy:
        'restore the grants; if the account is meant to be emptied, approve the parts, or keep one grant that stays',
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
    ? 'nothing remembers whether it lay ahead when this text was first accepted'
    : 'it had come when this text was first accepted';
}
