import { endsAccountAdmin } from '../domain/plan/batch.ts';
import { LIMIT_POOLS, type LimitPool, poolOf } from '../domain/plan/change-cause.ts';
import type { Change } from '../domain/plan/plan.ts';
import type { GuardFinding, JudgedInput, PooledInput } from './guard-input.ts';

/** A limit, applied to the changes of one pool. Null if they pass. */
export type LimitCheck = (pooled: PooledInput, changes: readonly Change[]) => GuardFinding | null;

/** Applies each limit to each pool by itself: the ordinary one, newcomers, and drift. All have the same numbers. */
export function findByPool(
  checks: readonly LimitCheck[],
  judged: JudgedInput,
  changes: readonly Change[],
): readonly GuardFinding[] {
  return LIMIT_POOLS.flatMap((pool) => {
    const own = changes.filter(({ cause }) => poolOf(cause) === pool);
    return checks.map((check) => check({ ...judged, pool }, own)).filter((finding) => finding !== null);
  });
}

/**
 * Whether a change takes account admin back from someone who got it by drift. It counts towards nothing: the guard that is there
 * for mistakes must not protect rogue admins. Someone who was account admin before loses more than drift gave.
 */
export function takesAdminBack({ restraints }: Pick<JudgedInput, 'restraints'>): (change: Change) => boolean {
  return (change) =>
    change.cause === 'drift' &&
    endsAccountAdmin(change) &&
    restraints.remembered.get(change.access)?.wasAccountAdmin === false;
}

/** What the principals of a pool have in common, in the words of a refusal. */
export interface PoolWords {
  /** Follows the number. */
  readonly lose: string;
  readonly gain: string;
  readonly becomeAdmin: string;
  /** The remedy between the approval and a higher limit. */
  readonly otherwise: string;
}

const WHO_CAME = 'who were not in the account before (newcomers)';

/** The words of each pool. */
export const POOL_WORDS: Readonly<Record<LimitPool, PoolWords>> = {
  policy: {
    lose: 'would lose access',
    gain: 'would gain access',
    becomeAdmin: 'would newly become account admin',
    otherwise: 'make the change in smaller steps',
  },
  newcomer: {
    lose: `${WHO_CAME} would lose access`,
    gain: `${WHO_CAME} would gain access`,
    becomeAdmin: `${WHO_CAME} would become account admin`,
    otherwise: 'make the change in smaller steps',
  },
  drift: {
    lose: 'would lose what someone else gave them (drift)',
    gain: 'would get back what someone else took from them (drift)',
    becomeAdmin: 'would get back account admin, which someone else took from them (drift)',
    otherwise: 'let the policy agree with what someone else did',
  },
};
