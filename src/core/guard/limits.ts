import { isGain, makesAccountAdmin } from '../domain/plan/batch.ts';
import type { Change } from '../domain/plan/plan.ts';
import { alsoCounted, begunLately, besides, countEnds, type EndCounting, lostLately } from './counted-dates.ts';
import { type GuardFinding, type JudgedInput, listPrincipals, namesOf } from './guard-input.ts';
import { gainsMost, revokesMost } from './limit-numbers.ts';

/** Limits how many may lose anything: the smaller of a number and a share of those with rows, at least one. */
export function revokeLimit(judged: JudgedInput, changes: readonly Change[]): GuardFinding | null {
  const ends = countEnds(judged);
  const { counted, held, byApproval } = countOf(judged, changes, countedLosses(judged, ends));
  if (held.length === 0) return null;
  const losers = namesOf(counted);
  const lost = lostLately(judged, ends);
  const lately = besides(lost, losers);
  // The limit is at least one, so there is no need to count the holders.
  if (losers.length + lately.length <= 1) return null;
  const { principals, percent } = judged.resolved.policy.limits.revokes;
  const { limit, holders } = revokesMost(judged, lost);
  if (losers.length + lately.length <= limit) return null;
  return {
    refusal: {
      rule: 'revoke-limit',
      message:
        `${losers.length} would lose access: ${listPrincipals(counted)}. The limit is ${limit}: the smaller of ${principals} and ` +
        `${percent} % of the ${holders} with rows, at least 1${byApproval}${alsoCounted(lately, 'lost access by an end')}${ends.why(counted)}`,
      remedy:
        'approve the parts that you intend, make the change in smaller steps, or raise `limits.revokes` in a reviewed change of the policy',
    },
    held,
  };
}

/** Which losses count: all but those by an end that every accepted text has set for long enough. */
export function countedLosses(
  judged: JudgedInput,
  ends: Pick<EndCounting, 'counts'> = countEnds(judged),
): (change: Change) => boolean {
  return (change) => !isGain(change) && ends.counts(change);
}

/** Limits how many may gain anything: a number, or if it is smaller a share of those listed, at least one. */
export function gainLimit(judged: JudgedInput, changes: readonly Change[]): GuardFinding | null {
  const { counted, held, byApproval } = countOf(judged, changes, isGain);
  if (held.length === 0) return null;
  const gainers = namesOf(counted);
  const lately = besides(begunLately(judged, 'any'), gainers);
  if (gainers.length + lately.length <= 1) return null;
  const { principals, percent } = judged.resolved.policy.limits.gains;
  const { limit, listed } = gainsMost(judged);
  if (gainers.length + lately.length <= limit) return null;
  const why =
    percent === null
      ? ''
      : `: the smaller of ${principals} and ${percent} % of the ${listed} that the policy lists, at least 1`;
  return {
    refusal: {
      rule: 'gain-limit',
      message: `${gainers.length} would gain access: ${listPrincipals(counted)}. The limit is ${limit}${why}${byApproval}${alsoCounted(lately, 'gained access by a `from`')}`,
      remedy:
        'approve the parts that you intend, make the change in smaller steps, or raise `limits.gains` in a reviewed change of the policy',
    },
    held,
  };
}

/** Limits how many may newly become account admin. */
export function adminLimit(judged: JudgedInput, changes: readonly Change[]): GuardFinding | null {
  const { counted, held, byApproval } = countOf(judged, changes, makesAccountAdmin);
  if (held.length === 0) return null;
  const made = namesOf(counted);
  const lately = besides(begunLately(judged, 'account-admin'), made);
  const { newAdmins } = judged.resolved.policy.limits;
  if (made.length + lately.length <= newAdmins) return null;
  return {
    refusal: {
      rule: 'admin-limit',
      message: `${made.length} would newly become account admin: ${listPrincipals(counted)}. The limit is ${newAdmins}${byApproval}${alsoCounted(lately, 'became account admin by a `from`')}`,
      remedy:
        'approve the parts that you intend, make the change in smaller steps, or raise `limits.newAdmins` in a reviewed change of the policy',
    },
    held,
  };
}

/**
 * A policy in which no grant has begun removes nothing: it is more likely to be cut off than intended. No approval changes that:
 * one grant that has begun says that it is intended.
 */
export function emptyPolicy({ resolved, desired }: JudgedInput, changes: readonly Change[]): GuardFinding | null {
  const counted = changes.filter((change) => !isGain(change));
  const losers = namesOf(counted);
  const { grants } = resolved.policy;
  if (losers.length === 0 || grants.some(({ from }) => from === null || from.at <= desired.now)) return null;
  return {
    refusal: {
      rule: 'empty-policy',
      message: `${grants.length === 0 ? 'the policy has no grants at all' : 'no grant of the policy has begun'}, and ${losers.length} would lose access: ${listPrincipals(counted)}`,
      remedy:
        'restore the grants; to empty the account on purpose, keep one grant that has begun; this rule cannot be approved',
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
