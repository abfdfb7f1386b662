import { levelName } from '../../core/domain/account/access-level.ts';
import { principalText } from '../../core/domain/account/principal.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import type { Change, DeferredReason, HeldPart, Plan } from '../../core/domain/plan/plan.ts';
import type { SameChange } from '../../core/domain/plan/restraints.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import type { ChangeStatus, HeldStatus, PendingStatus } from './status.ts';
import { boundedText } from './status-parts.ts';

/** Most changes, and most held parts, that a status tells one by one. */
export const CHANGES_KEPT = 1000;
export const HELD_KEPT = 1000;

/** What a plan leaves to do. Keeps no part of the plan, which may be as large as the account. */
export function pendingStatus(plan: Plan, at: Instant): PendingStatus {
  const { changes, held, deferred, unmanageable, absent, unlisted, refusals } = plan;
  const heldChanges = held.reduce((sum, part) => sum + part.changes.length, 0);
  return {
    plannedAt: instantText(at),
    digest: plan.digest,
    verdict: plan.verdict,
    counts: {
      changes: changes.length,
      held: held.length,
      heldChanges,
      deferred: deferred.length,
      unmanageable: unmanageable.length,
      absent: absent.length,
      unlisted: unlisted.length,
    },
    refusals: refusals.map(({ rule, message }) => ({ rule, message: boundedText(message) })),
    held: held.slice(0, HELD_KEPT).map(heldStatus),
    heldLeftOut: Math.max(0, held.length - HELD_KEPT),
    changes: firstChanges(plan),
    changesLeftOut: Math.max(0, changes.length + heldChanges + deferred.length - CHANGES_KEPT),
  };
}

/** Which changes are contested after a plan: those that wait for it, and those that were before and are planned again. */
export function contestedAfter(before: ReadonlySet<string>, plan: Plan): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { change, reason } of plan.deferred) if (reason === 'contested') keys.add(changeKey(change));
  if (before.size === 0) return keys;
  for (const { change } of wantedChanges(plan)) if (before.has(changeKey(change))) keys.add(changeKey(change));
  return keys;
}

export function changeKey({ access, resource, after }: SameChange): string {
  return `${access} ${resourceKey(resource)} ${after}`;
}

interface Wanted {
  readonly change: Change;
  readonly disposition: ChangeStatus['disposition'];
  readonly reason: DeferredReason | null;
}

function* wantedChanges({ changes, held, deferred }: Plan): Generator<Wanted> {
  for (const change of changes) yield { change, disposition: 'planned', reason: null };
  for (const part of held) for (const change of part.changes) yield { change, disposition: 'held', reason: null };
  for (const { change, reason } of deferred) yield { change, disposition: 'deferred', reason };
}

function firstChanges(plan: Plan): readonly ChangeStatus[] {
  const first: ChangeStatus[] = [];
  for (const wanted of wantedChanges(plan)) {
    if (first.length === CHANGES_KEPT) break;
    first.push(changeStatus(wanted));
  }
  return first;
}

function changeStatus({ change, disposition, reason }: Wanted): ChangeStatus {
  const { kind, principal, access, resource, before, after } = change;
  return {
    disposition,
    kind,
    principal: boundedText(principalText(principal)),
    access,
    resource: resourceKey(resource),
    label: boundedText(resource.label),
    before: levelName(before),
    after: levelName(after),
    reason,
  };
}

function heldStatus({ digest, principal, rules, changes, approve }: HeldPart): HeldStatus {
  return { digest, principal: boundedText(principalText(principal)), rules, changes: changes.length, approve };
}
