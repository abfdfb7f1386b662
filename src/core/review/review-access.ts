import { type ActualState, adminEmails } from '../domain/account/actual-state.ts';
import type { Principal } from '../domain/account/principal.ts';
import type { ResourceTree } from '../domain/account/resource-tree.ts';
import {
  type AccessReview,
  ENTRY_FINDINGS,
  HOLDER_MARKS,
  type HolderMark,
  type ReviewCounts,
  type ReviewEntry,
  type ReviewHolder,
  type ReviewOrigin,
  type ReviewStatus,
} from '../domain/answer/access-review.ts';
import type {
  AccessWithStatus,
  AccountExplanation,
  ExplainedResource,
  HolderStatus,
} from '../domain/answer/explanation.ts';
import { lazyList } from '../domain/answer/lazy-list.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { findingsOf, grantedPeriod, type MarkSources, marksOf, tokenOf } from './review-marks.ts';

/** Everything that a review is made from. */
export interface ReviewSources {
  readonly explained: AccountExplanation;
  readonly actual: ActualState;
  readonly plan: Plan;
  readonly policy: Policy;
  readonly origin: ReviewOrigin;
}

/** Makes the access review of a whole account: every principal, each resource that their rows or grants concern, marks and findings. */
export function reviewAccess({ explained, actual, plan, policy, origin }: ReviewSources): AccessReview {
  const { account, now, mode, notices } = plan;
  const sources: MarkSources = {
    policy,
    now,
    ownAccesses: new Set(actual.accesses.filter((one) => one.isOwnToken).map(({ access }) => access)),
    unlisted: new Set(plan.unlisted.map(({ access }) => access)),
    tokens: new Map((actual.apiTokens ?? []).map((token) => [token.tokenId, token])),
  };
  const holders = lazyList(explained.accesses, (access) => toHolder(access, sources, actual.tree));
  return {
    ...origin,
    account,
    asOf: now,
    mode,
    endingBy: null,
    counts: countReview(holders, adminEmails(account, actual.accesses).size),
    holders,
    absent: explained.absent,
    ahead: explained.ahead,
    notices,
  };
}

const STATUSES: Readonly<Record<HolderStatus, ReviewStatus>> = {
  named: 'named',
  upcoming: 'upcoming',
  exempt: 'not-named',
  'not-in-policy': 'not-named',
};

function toHolder(explained: AccessWithStatus, sources: MarkSources, tree: ResourceTree): ReviewHolder {
  const { principal, access, excluded, status, resources } = explained;
  const marks = marksOf(explained, sources);
  return {
    principal,
    access,
    excluded,
    status: STATUSES[status],
    marks,
    expiresAt: tokenOf(principal, sources)?.expiresAt ?? null,
    entries: resources.map((resource) => toEntry(resource, marks, tree)),
  };
}

/** Names each field: V8 keeps the copies that a spread makes until the next full collection, and a review makes millions. */
function toEntry(explained: ExplainedResource, marks: readonly HolderMark[], tree: ResourceTree): ReviewEntry {
  const { resource, entitled, actual, row, reasons, dispositions } = explained;
  const { since, until } = grantedPeriod(explained);
  const findings = findingsOf(explained, marks, tree);
  return { resource, entitled, actual, row, reasons, dispositions, since, until, findings };
}

/** The totals of some holders. */
export function countReview(holders: Iterable<ReviewHolder>, admins: number): ReviewCounts {
  const kinds: Record<Principal['kind'], number> = { user: 0, invite: 0, token: 0 };
  const marks = zeros(HOLDER_MARKS);
  const findings = zeros(ENTRY_FINDINGS);
  let entries = 0;
  for (const holder of holders) {
    kinds[holder.principal.kind] += 1;
    entries += holder.entries.length;
    for (const mark of holder.marks) marks[mark] += 1;
    for (const entry of holder.entries) for (const finding of entry.findings) findings[finding] += 1;
  }
  return { users: kinds.user, invites: kinds.invite, tokens: kinds.token, admins, entries, marks, findings };
}

function zeros<Code extends string>(codes: Readonly<Record<Code, string>>): Record<Code, number> {
  return Object.fromEntries(Object.keys(codes).map((code) => [code, 0])) as Record<Code, number>;
}
