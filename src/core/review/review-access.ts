import { type ActualState, adminEmails } from '../domain/account/actual-state.ts';
import type { ResourceTree } from '../domain/account/resource-tree.ts';
import {
  type AccessReview,
  ENTRY_FINDINGS,
  HOLDER_MARKS,
  type ReviewCounts,
  type ReviewHolder,
  type ReviewOrigin,
  type ReviewStatus,
} from '../domain/answer/access-review.ts';
import type { AccessWithStatus, AccountExplanation, HolderStatus } from '../domain/answer/explanation.ts';
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
  const holders = explained.accesses.map((access) => toHolder(access, sources, actual.tree));
  return {
    ...origin,
    account,
    asOf: now,
    mode,
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
    entries: resources.map((resource) => ({
      ...resource,
      ...grantedPeriod(resource),
      findings: findingsOf(resource, marks, tree),
    })),
  };
}

function countReview(holders: readonly ReviewHolder[], admins: number): ReviewCounts {
  const kinds = holders.map(({ principal }) => principal.kind);
  const entries = holders.flatMap((holder) => holder.entries);
  return {
    users: kinds.filter((kind) => kind === 'user').length,
    invites: kinds.filter((kind) => kind === 'invite').length,
    tokens: kinds.filter((kind) => kind === 'token').length,
    admins,
    entries: entries.length,
    marks: tally(HOLDER_MARKS, holders, ({ marks }) => marks),
    findings: tally(ENTRY_FINDINGS, entries, ({ findings }) => findings),
  };
}

function tally<Code extends string, Item>(
  codes: Readonly<Record<Code, string>>,
  items: readonly Item[],
  codesOf: (item: Item) => readonly Code[],
): Readonly<Record<Code, number>> {
  const counts = new Map<string, number>();
  for (const item of items) for (const code of codesOf(item)) counts.set(code, (counts.get(code) ?? 0) + 1);
  const all = Object.keys(codes).map((code) => [code, counts.get(code) ?? 0]);
  return Object.fromEntries(all) as Readonly<Record<Code, number>>;
}
