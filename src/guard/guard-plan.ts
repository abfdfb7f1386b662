import { batchesOf } from '../domain/batch.ts';
import type { Notice } from '../domain/notice.ts';
import type { Change, GuardRule, HeldPart, Plan, Refusal, Verdict } from '../domain/plan.ts';
import { partDigest, planDigest } from './digest.ts';
import {
  adminLimit,
  emptyPolicy,
  type GuardCheck,
  type Judged,
  lastAdmins,
  never,
  revokeLimit,
} from './guard-rules.ts';
import { restrain } from './restrain.ts';

/** Every rule, in the order in which refusals are told. */
const RULES: readonly GuardCheck[] = [emptyPolicy, lastAdmins, never, revokeLimit, adminLimit];

/**
 * Takes out what is not to be written now, judges the rest of a difference, and makes it a plan. In this version a plan
 * that breaks any rule is held as a whole: nothing of it may be written, and each principal's part is shown under the
 * digest that binds it.
 */
export function guardPlan(found: Judged): Plan {
  const judged = { ...found, difference: restrain(found) };
  const { difference, resolved } = judged;
  const refusals: readonly Refusal[] = RULES.map((rule) => rule(judged)).filter((refusal) => refusal !== null);
  const isHeld = refusals.length > 0;
  const rules = refusals.map((refusal) => refusal.rule);
  const held = isHeld ? toParts(difference.account, rules, difference.changes) : [];
  const changes = isHeld ? [] : difference.changes;
  return {
    ...difference,
    changes,
    held,
    refusals,
    digest: planDigest(difference.account, difference.mode, changes, held),
    verdict: verdictOf(judged, isHeld),
    notices: resolved.policy.paused ? [PAUSED, ...difference.notices] : difference.notices,
  };
}

const PAUSED: Notice = {
  code: 'paused',
  message: 'the policy says `paused: true`: nothing is written, not even what has ended',
  remedy: 'set `paused: false` to go on',
  at: null,
};

function verdictOf({ difference, resolved }: Judged, isHeld: boolean): Verdict {
  if (isHeld) return 'held';
  if (difference.changes.length === 0) return 'clean';
  if (resolved.policy.paused) return 'paused';
  return difference.mode === 'observe' ? 'observe' : 'allowed';
}

function toParts(account: number, rules: readonly GuardRule[], changes: readonly Change[]): readonly HeldPart[] {
  return batchesOf(changes).map((batch) => ({
    digest: partDigest(account, rules, batch.changes),
    principal: batch.principal,
    rules,
    changes: batch.changes,
  }));
}
