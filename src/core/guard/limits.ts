import { isGain, makesAccountAdmin } from '../domain/plan/batch.ts';
import { type LimitPool, poolOf } from '../domain/plan/change-cause.ts';
import type { Change } from '../domain/plan/plan.ts';
import {
  alsoCounted,
  begunLately,
  besides,
  type CountedLately,
  countEnds,
  type EndCounting,
  lostLately,
} from './counted-dates.ts';
import { type GuardFinding, type JudgedInput, listPrincipals, namesOf, type PooledInput } from './guard-input.ts';
import { gainsMost, revokesMost } from './limit-numbers.ts';
import { POOL_WORDS, takesAdminBack } from './limit-pools.ts';

/** Limits how many may lose anything: the smaller of a number and a share of those with rows, at least one. */
export function revokeLimit(judged: PooledInput, changes: readonly Change[]): GuardFinding | null {
  const { pool } = judged;
  const ends = countEnds(judged);
  const { counted, held, byApproval } = countOf(judged, changes, countedLosses(judged, ends));
  if (held.length === 0) return null;
  const losers = namesOf(counted);
  const lost = ofPolicy(pool, () => lostLately(judged, ends));
  const lately = besides(lost, losers);
  // The limit is at least one, so there is no need to count the holders.
  if (losers.length + lately.length <= 1) return null;
  const { principals, percent } = judged.resolved.policy.limits.revokes;
  const { limit, holders } = revokesMost(judged, lost);
  if (losers.length + lately.length <= limit) return null;
  const why = pool === 'policy' ? ends.why(counted) : '';
  return {
    refusal: {
      rule: 'revoke-limit',
      message:
        `${losers.length} ${POOL_WORDS[pool].lose}: ${listPrincipals(counted)}. The limit is ${limit}: the smaller of ${principals} and ` +
        `${percent} % of the ${holders} with rows, at least 1${byApproval}${alsoCounted(lately, 'lost access by an end')}${why}`,
      remedy: remedyOf(pool, 'revokes'),
    },
    held,
  };
}

/**
 * Which losses count: all but those by an end that every accepted text has set for long enough, and account admin that drift gave.
 * What someone else gave again after an end is no loss by that end.
 */
export function countedLosses(
  judged: PooledInput,
  ends: Pick<EndCounting, 'counts'> = countEnds(judged),
): (change: Change) => boolean {
  const takesBack = takesAdminBack(judged);
  return (change) => !isGain(change) && !takesBack(change) && (judged.pool !== 'policy' || ends.counts(change));
}

/** Limits how many may gain anything: a number, or if it is smaller a share of those listed, at least one. */
export function gainLimit(judged: PooledInput, changes: readonly Change[]): GuardFinding | null {
  const { pool } = judged;
  const { counted, held, byApproval } = countOf(judged, changes, isGain);
  if (held.length === 0) return null;
  const gainers = namesOf(counted);
  const begun = ofPolicy(pool, () => begunLately(judged, 'any'));
  const lately = besides(begun, gainers);
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
      message: `${gainers.length} ${POOL_WORDS[pool].gain}: ${listPrincipals(counted)}. The limit is ${limit}${why}${byApproval}${alsoCounted(lately, 'gained access by a `from`')}`,
      remedy: remedyOf(pool, 'gains'),
    },
    held,
  };
}

/** Limits how many may newly become account admin. */
export function adminLimit(judged: PooledInput, changes: readonly Change[]): GuardFinding | null {
  const { pool } = judged;
  const { counted, held, byApproval } = countOf(judged, changes, makesAccountAdmin);
  if (held.length === 0) return null;
  const made = namesOf(counted);
  const begun = ofPolicy(pool, () => begunLately(judged, 'account-admin'));
  const lately = besides(begun, made);
  const { newAdmins } = judged.resolved.policy.limits;
  if (made.length + lately.length <= newAdmins) return null;
  return {
    refusal: {
      rule: 'admin-limit',
      message: `${made.length} ${POOL_WORDS[pool].becomeAdmin}: ${listPrincipals(counted)}. The limit is ${newAdmins}${byApproval}${alsoCounted(lately, 'became account admin by a `from`')}`,
      remedy: remedyOf(pool, 'newAdmins'),
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
  { approved, restraints, pool }: PooledInput,
  changes: readonly Change[],
  isCounted: (change: Change) => boolean,
): { readonly counted: readonly Change[]; readonly held: readonly Change[]; readonly byApproval: string } {
  const planned = changes.filter(isCounted);
  const written = restraints.writtenByApproval.filter((change) => poolOf(change.cause) === pool && isCounted(change));
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

/** Dates are of the policy: what they did lately counts together with what the policy asks for, and with nothing else. */
function ofPolicy(pool: LimitPool, lately: () => CountedLately): CountedLately {
  return pool === 'policy' ? lately() : new Map();
}

function remedyOf(pool: LimitPool, limit: 'revokes' | 'gains' | 'newAdmins'): string {
  const { otherwise } = POOL_WORDS[pool];
  return `approve the parts that you intend, ${otherwise}, or raise \`limits.${limit}\` in a reviewed change of the policy`;
}
