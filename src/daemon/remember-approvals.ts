import { type AccountMemory, BEGUN_ROWS_MOST } from '../core/domain/account/account-memory.ts';
import {
  SPENT_MOST,
  type SpentApproval,
  STAYING_ROWS_MOST,
  type StayingPart,
} from '../core/domain/account/approval-memory.ts';
import { type ResourceId, resourceKey } from '../core/domain/account/resource.ts';
import { changeKey, requestedChanges } from '../core/domain/plan/change-key.ts';
import { isRaised, LIMIT_RULES, limitNumbers } from '../core/domain/plan/limit-rules.ts';
import type { ApprovedPart, HeldPart, Plan } from '../core/domain/plan/plan.ts';
import { type BegunPart, begunParts } from '../core/domain/plan/restraints.ts';
import type { Policy } from '../core/domain/policy/policy.ts';
import { planLeft, type RunResult, triedApprovals } from '../core/domain/run/run-result.ts';
import type { Instant } from '../core/domain/text/instant.ts';
import type { ApprovalMemory } from './others-approvals.ts';

/**
 * The memory before the first approved change of a plan is written: the parts are begun, their approvals are spent, and what the
 * same limits hold stays held. Whenever grantd stops after that, it knows what was approved once.
 */
export function withApprovals(memory: AccountMemory, plan: Plan, policy: Policy, now: Instant): AccountMemory {
  return {
    ...memory,
    begun: bounded(begunParts(memory.begun, plan.approved)),
    spent: spentAfter(memory.spent, plan.approved, policy, now),
    staying: stayingAfter(memory.staying, plan, plan.approved, policy),
  };
}

/** The same after a run, by what it tried to write and what it left. */
export function approvalsAfter(
  memory: ApprovalMemory,
  { result, policy, now }: { readonly result: RunResult; readonly policy: Policy; readonly now: Instant },
): ApprovalMemory {
  const left = planLeft(result) ?? result.plan;
  const tried = triedApprovals(result);
  return {
    begun: begunAfter(begunParts(memory.begun, tried), left, policy, now),
    spent: spentAfter(memory.spent, tried, policy, now),
    staying: stayingAfter(memory.staying, left, tried, policy),
  };
}

/** The approved parts of which something is left to write, and whose approval has not ended. */
function begunAfter(parts: readonly BegunPart[], left: Plan, policy: Policy, now: Instant): readonly BegunPart[] {
  const inForce = new Set(policy.approvals.filter(({ until }) => until.at > now).flatMap(({ digests }) => digests));
  const requested = new Set(requestedChanges(left).map(changeKey));
  const marked = parts.map((part): BegunPart => {
    const isLeft = ({ resource, after }: ResourceAfter) => requested.has(changeKey({ ...part, resource, after }));
    return { ...part, changes: part.changes.map((one) => (isLeft(one) ? one : { ...one, isDone: true })) };
  });
  return bounded(marked.filter(({ digest, changes }) => inForce.has(digest) && changes.some(({ isDone }) => !isDone)));
}

type ResourceAfter = { readonly resource: ResourceId; readonly after: number };

/** What exceeds the bound is held again, and what is left of it needs a new approval. */
function bounded(parts: readonly BegunPart[]): readonly BegunPart[] {
  let rows = 0;
  return parts.filter(({ changes }) => {
    if (rows + changes.length > BEGUN_ROWS_MOST) return false;
    rows += changes.length;
    return true;
  });
}

/** An approval stays spent until it has ended and is no longer in the policy. */
function spentAfter(
  before: readonly SpentApproval[],
  used: readonly ApprovedPart[],
  { approvals }: Policy,
  now: Instant,
): readonly SpentApproval[] {
  const fresh = used.flatMap(({ digest, by }) => (by.kind === 'policy' ? [{ digest, until: by.until.at }] : []));
  const all = [...new Map([...before, ...fresh].map((one) => [spentKey(one), one])).values()];
  const listed = new Set(
    approvals.flatMap(({ digests, until }) => digests.map((digest) => spentKey({ digest, until: until.at }))),
  );
  const stays = all.filter((one) => listed.has(spentKey(one)));
  const others = all.filter((one) => !listed.has(spentKey(one)) && one.until > now);
  const most = Math.max(0, SPENT_MOST - stays.length);
  return [...stays, ...others.sort((a, b) => b.until - a.until).slice(0, most)].sort(
    (a, b) => a.until - b.until || (a.digest < b.digest ? -1 : 1),
  );
}

function spentKey({ digest, until }: SpentApproval): string {
  return `${digest} ${until}`;
}

/**
 * What stays held after approved parts were begun: each held part of a limit that one of them exceeds, and what stayed before, as
 * long as a row of it is planned and its limit is not raised. What is deferred is planned too.
 */
function stayingAfter(
  before: readonly StayingPart[],
  left: Plan,
  begun: readonly ApprovedPart[],
  { limits }: Policy,
): readonly StayingPart[] {
  const planned = new Set(requestedChanges(left).flatMap((change) => [rowKeyOf(change), `${change.access}`]));
  const parts = new Map<string, StayingPart>();
  for (const part of before) {
    const { rule, access } = part;
    const rows = part.rows.filter((resource) => planned.has(rowKeyOf({ access, resource })));
    const isPlanned = part.rows.length === 0 ? planned.has(`${access}`) : rows.length > 0;
    if (isPlanned && !isRaised(part.limit, limitNumbers(rule, limits)))
      parts.set(`${rule} ${access}`, { ...part, rows });
  }
  const exceeded = new Set(begun.flatMap(({ rules }) => rules));
  for (const part of left.held) {
    for (const rule of LIMIT_RULES.filter((one) => part.rules.includes(one))) {
      const [access, rows] = rowsOf(part);
      const known = parts.get(`${rule} ${access}`);
      if (known === undefined && !exceeded.has(rule)) continue;
      const limit = known && !exceeded.has(rule) ? known.limit : limitNumbers(rule, limits);
      parts.set(`${rule} ${access}`, {
        rule,
        access,
        limit,
        rows: known?.rows.length === 0 ? [] : both(known?.rows, rows),
      });
    }
  }
  const all = [...parts.values()];
  const count = all.reduce((sum, { rows }) => sum + rows.length, 0);
  return count > STAYING_ROWS_MOST ? all.map((part) => ({ ...part, rows: [] })) : all;
}

function rowsOf({ changes }: HeldPart): readonly [access: number, rows: readonly ResourceId[]] {
  return [changes[0]?.access ?? 0, changes.map(({ resource: { type, id } }) => ({ type, id }))];
}

function both(a: readonly ResourceId[] = [], b: readonly ResourceId[]): readonly ResourceId[] {
  return [...new Map([...a, ...b].map((resource) => [resourceKey(resource), resource])).values()];
}

function rowKeyOf({ access, resource }: { readonly access: number; readonly resource: ResourceId }): string {
  return `${access} ${resourceKey(resource)}`;
}
