import { principalText } from '../domain/account/principal.ts';
import { resourceKey } from '../domain/account/resource.ts';
import type { Notice } from '../domain/plan/notice.ts';
import {
  type ApprovedBy,
  type ApprovedPart,
  type Change,
  type HeldPart,
  isApprovable,
  type Plan,
} from '../domain/plan/plan.ts';
import type { BegunPart, BoundChange, Restraints } from '../domain/plan/restraints.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import { placeText } from '../domain/text/problem.ts';
import { partDigest } from './digest.ts';

type ByPolicy = Extract<ApprovedBy, { kind: 'policy' }>;

/** The approvals of one run, by digest: those of the policy that have not ended, and those given by hand. */
export interface Approvals {
  readonly inForce: ReadonlyMap<string, ApprovedBy>;
  /** Approvals of the policy that have ended, for digests without another approval. */
  readonly ended: ReadonlyMap<string, ByPolicy>;
  /** Approvals of the fallback policy, which do not count: the newer file may have removed them. */
  readonly suspended: ReadonlyMap<string, ByPolicy>;
  readonly begun: readonly BegunPart[];
}

/** Sorts the approvals of the policy, and those given by hand, by whether they count at `now`. */
export function approvalsOf(policy: Policy, { approvedByHand, fallback, begun }: Restraints, now: Instant): Approvals {
  const inForce = new Map<string, ApprovedBy>(approvedByHand.map((digest) => [digest, { kind: 'by-hand' }]));
  const [ended, suspended] = [new Map<string, ByPolicy>(), new Map<string, ByPolicy>()];
  for (const { digests, until, at } of policy.approvals) {
    const lasting: Map<string, ApprovedBy> = fallback ? suspended : inForce;
    for (const digest of digests) (until.at > now ? lasting : ended).set(digest, { kind: 'policy', at, until });
  }
  for (const digest of [...inForce.keys(), ...suspended.keys()]) ended.delete(digest);
  return { inForce, ended, suspended, begun: begun.filter((part) => isWhole(policy.account, part)) };
}

/** A remembered part counts only if it is exactly what the approved digest binds. */
function isWhole(account: number, { digest, rules, access, changes }: BegunPart): boolean {
  const bound = changes.map((change) => ({ ...change, access }));
  return partDigest(account, rules, bound) === digest;
}

/** The part as approved, by its own digest or as the rest of a part that has begun; null if no approval applies. */
export function approve(held: HeldPart, { inForce, begun }: Approvals): ApprovedPart | null {
  const { approve: _, ...part } = held;
  if (!isApprovable(part)) return null;
  const by = inForce.get(part.digest);
  if (by !== undefined) return { ...part, by, isBegun: false };
  for (const whole of begun) {
    const byWhole = inForce.get(whole.digest);
    if (byWhole !== undefined && isLeftOf(part, whole))
      return { ...part, digest: whole.digest, by: byWhole, isBegun: true };
  }
  return null;
}

function isLeftOf({ rules, changes }: Pick<HeldPart, 'rules' | 'changes'>, whole: BegunPart): boolean {
  const known = new Set(whole.changes.map(boundKey));
  return (
    rules.every((rule) => whole.rules.includes(rule)) &&
    changes.every((change) => change.access === whole.access && known.has(boundKey(change)))
  );
}

function boundKey({ resource, before, after }: BoundChange | Change): string {
  return `${resourceKey(resource)} ${before} ${after}`;
}

/** The approvals that have no effect, and why: those of the policy, and those given by hand. */
export function approvalNotices(
  { inForce, ended, suspended }: Approvals,
  { held, approved }: Pick<Plan, 'held' | 'approved'>,
): readonly Notice[] {
  const used = new Set(approved.map(({ digest }) => digest));
  const stopped = new Map(held.filter((part) => !isApprovable(part)).map((part) => [part.digest, part]));
  const idle = [...inForce].flatMap(([digest, by]): readonly Notice[] => {
    if (used.has(digest)) return [];
    const part = stopped.get(digest);
    return [part ? refusedNotice(part, by) : unusedNotice(digest, by)];
  });
  const over = held.flatMap((part): readonly Notice[] => {
    const [byEnded, bySuspended] = [ended.get(part.digest), suspended.get(part.digest)];
    if (bySuspended) return [suspendedNotice(part, bySuspended)];
    return byEnded ? [endedNotice(part, byEnded)] : [];
  });
  return [...idle, ...over];
}

function unusedNotice(digest: string, by: ApprovedBy): Notice {
  return {
    code: 'approval-unused',
    message: `${digest}, approved by ${sourceText(by)}, matches nothing that is held: the change was made, is not needed, or is different now`,
    remedy: 'remove it; to approve a held change of this plan, use the digest that the plan shows for it',
    at: by.kind === 'policy' ? by.at : null,
  };
}

function refusedNotice(part: Pick<HeldPart, 'principal' | 'digest'>, by: ApprovedBy): Notice {
  return {
    code: 'approval-refused',
    message: `${principalText(part.principal)}: ${part.digest}, approved by ${sourceText(by)}, has no effect: \`last-admins\` and \`never\` cannot be approved`,
    remedy: 'change the policy so that these rules let the change pass, then approve its new digest',
    at: by.kind === 'policy' ? by.at : null,
  };
}

function suspendedNotice(part: HeldPart, by: ByPolicy): Notice {
  return {
    code: 'approval-refused',
    message: `${principalText(part.principal)}: ${part.digest}, approved by ${sourceText(by)}, has no effect: grantd uses the fallback policy, and the newer file may have removed the approval`,
    remedy: 'fix the policy file; run `grantd validate`',
    at: by.at,
  };
}

function endedNotice(part: HeldPart, by: ByPolicy): Notice {
  return {
    code: 'approval-ended',
    message: `${principalText(part.principal)}: the approval of ${part.digest} by ${sourceText(by)} ended ${by.until.text}`,
    remedy: 'give it a later `until` in a reviewed change of the policy, or remove it',
    at: by.at,
  };
}

function sourceText(by: ApprovedBy): string {
  return by.kind === 'policy' ? placeText(by.at) : '--approve';
}
