import { batchesOf } from '../domain/plan/batch.ts';
import { type ApprovedPart, type HeldPart, isApprovable } from '../domain/plan/plan.ts';
import { shellWord } from '../domain/text/text.ts';
import { suggestedUntil } from './approval-until.ts';
import { type Approvals, approve } from './approvals.ts';
import { partDigest } from './digest.ts';
import type { GuardInput } from './guard-input.ts';
import { type Holding, holdChanges } from './hold-changes.ts';

/** The parts of a difference that guards hold, and those that they would hold without an approval. */
export interface GuardedParts extends Pick<Holding, 'refusals' | 'deferred'> {
  readonly held: readonly HeldPart[];
  readonly approved: readonly ApprovedPart[];
}

/**
 * Evaluates the guards, applies approvals, and evaluates again with the approved changes, until no approval is left to apply.
 * Losses that waited for an approved raise then come back, and may be held under a digest of their own. Each turn approves at
 * least one more change, so the loop ends. No turn holds what was approved before: limits hold nothing that is approved, in
 * each turn the same people stop being admin, and an approved raise only adds admins.
 */
export function evaluateGuards(input: GuardInput, approvals: Approvals): GuardedParts {
  let approved: readonly ApprovedPart[] = [];
  for (;;) {
    const free = new Set(approved.flatMap(({ changes }) => changes));
    const holding = holdChanges(input, free);
    const held = toParts(input, holding);
    const fresh = held.flatMap((part) => approve(part, approvals) ?? []);
    if (fresh.length === 0) return { refusals: holding.refusals, deferred: holding.deferred, held, approved };
    approved = [...approved, ...fresh];
  }
}

const NO_WAY = { approvalUntil: null, approve: null };

/** The held changes of one account access are one part, under all the rules that hold any of them. */
function toParts({ difference, resolved, restraints }: GuardInput, { heldBy }: Holding): readonly HeldPart[] {
  const approveCommand = (digest: string) =>
    ['grantd', 'apply', resolved.policy.file, '--approve', digest, ...restraints.applyFlags].map(shellWord).join(' ');
  const waysToApprove = (digest: string) => ({
    approvalUntil: suggestedUntil(digest, difference.now, restraints.spent),
    approve: difference.mode === 'observe' ? null : approveCommand(digest),
  });
  const held = new Set([...heldBy.values()].flatMap((changes) => [...changes]));
  return batchesOf(difference.changes.filter((change) => held.has(change))).map(({ principal, changes }) => {
    const rules = [...heldBy].filter(([, those]) => changes.some((change) => those.has(change))).map(([rule]) => rule);
    const digest = partDigest(difference.account, rules, changes);
    return { digest, principal, rules, changes, ...(isApprovable({ rules }) ? waysToApprove(digest) : NO_WAY) };
  });
}
