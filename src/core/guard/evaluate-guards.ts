import { batchesOf } from '../domain/plan/batch.ts';
import { type ApprovedPart, type HeldPart, isApprovable } from '../domain/plan/plan.ts';
import { shellWord } from '../domain/text/shell-word.ts';
import { type Approvals, approve } from './approvals.ts';
import { partDigest } from './digest.ts';
import type { GuardInput } from './guard-input.ts';
import { type Holding, holdChanges } from './hold-changes.ts';

/** A difference in parts: those that guards hold, and those that they would hold and somebody approved. */
export interface GuardedParts extends Pick<Holding, 'refusals' | 'deferred'> {
  readonly held: readonly HeldPart[];
  readonly approved: readonly ApprovedPart[];
}

/**
 * Holds, approves, and judges anew without what was approved, until nothing more is: a limit that was exceeded may not be
 * any more, and what is then held by fewer rules has another digest. Every turn approves at least one change more, so it ends.
 * No turn holds what was approved before: the same people stop being admin in each, and an approved raise only makes more.
 */
export function evaluateGuards(judged: GuardInput, approvals: Approvals): GuardedParts {
  let approved: readonly ApprovedPart[] = [];
  for (;;) {
    const free = new Set(approved.flatMap(({ changes }) => changes));
    const holding = holdChanges(judged, free);
    const held = toParts(judged, holding);
    const fresh = held.flatMap((part) => approve(part, approvals) ?? []);
    if (fresh.length === 0) return { refusals: holding.refusals, deferred: holding.deferred, held, approved };
    approved = [...approved, ...fresh];
  }
}

/** The held changes of one account access are one part, under every rule that holds any of them. */
function toParts({ difference, resolved }: GuardInput, { heldBy }: Holding): readonly HeldPart[] {
  const approveCommand = (digest: string) => `grantd apply ${shellWord(resolved.policy.file)} --approve ${digest}`;
  const held = new Set([...heldBy.values()].flatMap((changes) => [...changes]));
  return batchesOf(difference.changes.filter((change) => held.has(change))).map(({ principal, changes }) => {
    const rules = [...heldBy].filter(([, those]) => changes.some((change) => those.has(change))).map(([rule]) => rule);
    const digest = partDigest(difference.account, rules, changes);
    return { digest, principal, rules, changes, approve: isApprovable({ rules }) ? approveCommand(digest) : null };
  });
}
