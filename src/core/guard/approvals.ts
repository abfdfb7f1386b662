import { principalText } from '../domain/account/principal.ts';
import { resourceKey } from '../domain/account/resource.ts';
import type { ApprovedBy } from '../domain/plan/approved-by.ts';
import type { Notice } from '../domain/plan/notice.ts';
import { type ApprovedPart, type Change, type HeldPart, isApprovable, type Plan } from '../domain/plan/plan.ts';
import type { BegunPart, BoundChange, Restraints } from '../domain/plan/restraints.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import { placeText } from '../domain/text/problem.ts';
import { partDigest } from './digest.ts';

type ByPolicy = Extract<ApprovedBy, { kind: 'policy' }>;

/** The approvals of one run, by digest: those of the policy that have not ended and are not spent, and those given by hand. */
export interface Approvals {
  readonly inForce: ReadonlyMap<string, ApprovedBy>;
  /** Approvals of the policy that were used and have not ended, for digests without another approval. */
  readonly spent: ReadonlyMap<string, ByPolicy>;
  /** Approvals of the policy that have ended, for digests without another approval. */
  readonly ended: ReadonlyMap<string, ByPolicy>;
  /** Approvals of the fallback policy, which do not count: the newer file may have removed them. */
  readonly suspended: ReadonlyMap<string, ByPolicy>;
  readonly begun: readonly BegunPart[];
}

/** Sorts the approvals of the policy, and those given by hand, by whether they count at `now`. */
export function approvalsOf(policy: Policy, restraints: Restraints, now: Instant): Approvals {
  const { approvedByHand, approver: user, fallback, begun } = restraints;
  const isSpent = spentTest(restraints);
  const inForce = new Map<string, ApprovedBy>(approvedByHand.map((digest) => [digest, { kind: 'by-hand', user }]));
  const [spent, ended, suspended] = [
    new Map<string, ByPolicy>(),
    new Map<string, ByPolicy>(),
    new Map<string, ByPolicy>(),
  ];
  for (const { digests, until, at } of policy.approvals) {
    const lasting = (digest: string): Map<string, ApprovedBy> =>
      fallback ? suspended : isSpent(digest, until.at) ? spent : inForce;
    for (const digest of digests) (until.at > now ? lasting(digest) : ended).set(digest, { kind: 'policy', at, until });
  }
  for (const digest of inForce.keys()) spent.delete(digest);
  for (const digest of [...inForce.keys(), ...spent.keys(), ...suspended.keys()]) ended.delete(digest);
  return { inForce, spent, ended, suspended, begun: begun.filter((part) => isWhole(policy.account, part)) };
}

function spentTest({ spent }: Restraints): (digest: string, until: Instant) => boolean {
  const keys = new Set(spent.map(({ digest, until }) => `${digest} ${until}`));
  return (digest, until) => keys.has(`${digest} ${until}`);
}

/** A remembered part counts only if it is exactly what the approved digest binds. */
function isWhole(account: number, { digest, rules, access, changes }: BegunPart): boolean {
  const bound = changes.map((change) => ({ ...change, access }));
  return partDigest(account, rules, bound) === digest;
}

/** The part as approved, by its own digest or as the rest of a part that has begun; null if no approval applies. */
export function approve(held: HeldPart, { inForce, spent, begun }: Approvals): ApprovedPart | null {
  const { approve: _, approvalUntil: __, ...part } = held;
  if (!isApprovable(part)) return null;
  const by = inForce.get(part.digest);
  if (by !== undefined) return { ...part, by, isBegun: false };
  for (const whole of begun) {
    const byWhole = inForce.get(whole.digest) ?? spent.get(whole.digest);
    if (byWhole !== undefined && isLeftOf(part, whole))
      return { ...part, digest: whole.digest, by: byWhole, isBegun: true };
  }
  return null;
}

function isLeftOf({ rules, changes }: Pick<HeldPart, 'rules' | 'changes'>, whole: BegunPart): boolean {
  const known = new Set(whole.changes.filter(({ isDone }) => !isDone).map(boundKey));
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
  { inForce, spent, ended, suspended }: Approvals,
  { held, approved }: Pick<Plan, 'held' | 'approved'>,
): readonly Notice[] {
  const used = new Set(approved.map(({ digest }) => digest));
  const stopped = new Map(held.filter((part) => !isApprovable(part)).map((part) => [part.digest, part]));
  const again = new Set(held.filter(({ digest }) => spent.has(digest)).map(({ digest }) => digest));
  const idle = [...inForce, ...spent].flatMap(([digest, by]): readonly Notice[] => {
    if (used.has(digest) || again.has(digest)) return [];
    const part = stopped.get(digest);
    return [part ? refusedNotice(part, by) : unusedNotice(digest, by)];
  });
  const over = held.flatMap((part): readonly Notice[] => {
    const [byEnded, bySuspended] = [ended.get(part.digest), suspended.get(part.digest)];
    const bySpent = spent.get(part.digest);
    if (bySpent) return [spentNotice(part, bySpent)];
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
    message: `${principalText(part.principal)}: ${part.digest}, approved by ${sourceText(by)}, has no effect: \`empty-policy\`, \`last-admins\` and \`never\` cannot be approved`,
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

function spentNotice(part: HeldPart, by: ByPolicy): Notice {
  return {
    code: 'approval-spent',
    message: `${principalText(part.principal)}: the approval of ${part.digest} by ${sourceText(by)}, until ${by.until.text}, was used: grantd began to write this part, and an approval is good once`,
    remedy:
      'to approve it again, give the digest another `until` in a reviewed change of the policy; else remove the approval',
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
