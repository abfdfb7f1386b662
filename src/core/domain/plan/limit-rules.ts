import type { Limits } from '../policy/policy.ts';
import type { GuardRule } from './plan.ts';

/** The rules with a number in `limits` that an approval may exceed. Approved changes use it up. */
export const LIMIT_RULES = ['revoke-limit', 'gain-limit', 'admin-limit'] as const satisfies readonly GuardRule[];
/** One of `LIMIT_RULES`. */
export type LimitRule = (typeof LIMIT_RULES)[number];

/** How many principals a limit lets pass in one run, and which share of them; null if no share limits it. */
export interface LimitNumbers {
  readonly principals: number;
  readonly percent: number | null;
}

/** The numbers of one rule in the `limits` of a policy. */
export function limitNumbers(rule: LimitRule, { revokes, gains, newAdmins }: Limits): LimitNumbers {
  if (rule === 'revoke-limit') return revokes;
  return rule === 'gain-limit' ? gains : { principals: newAdmins, percent: null };
}

/** Whether a limit lets more pass now than before, in one number at least. */
export function isRaised(before: LimitNumbers, now: LimitNumbers): boolean {
  const share = ({ percent }: LimitNumbers) => percent ?? Number.POSITIVE_INFINITY;
  return now.principals > before.principals || share(now) > share(before);
}
