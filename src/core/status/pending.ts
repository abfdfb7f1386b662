import { levelName } from '../domain/account/access-level.ts';
import { principalText } from '../domain/account/principal.ts';
import { resourceKey } from '../domain/account/resource.ts';
import { approvalLine } from '../domain/plan/approval-text.ts';
import { changeKey, requestedChanges } from '../domain/plan/change-key.ts';
import { isRename, type Notice } from '../domain/plan/notice.ts';
import {
  CHANGE_KINDS,
  type Change,
  DEFERRED_REASONS,
  type DeferredReason,
  type HeldPart,
  type Plan,
} from '../domain/plan/plan.ts';
import { UNRESOLVED_REASONS, unresolvedText } from '../domain/plan/unresolved.ts';
import { type ChangeHints, hintTexts } from '../domain/run/mailtrap-event.ts';
import type { PendingStatus } from '../domain/status/account-status.ts';
import type { ChangeStatus, HeldStatus, NoticeStatus } from '../domain/status/part-status.ts';
import type { Instant } from '../domain/text/instant.ts';
import { keptText } from './status-parts.ts';

/** How many changes, and how many held parts, a status keeps one by one. */
export const CHANGES_KEPT = 1000;
export const HELD_KEPT = 1000;
/** How many notices a status keeps. */
export const NOTICES_KEPT = 20;

/** What a plan leaves to do. Keeps no part of the plan, which may be as large as the account. */
export function pendingStatus(plan: Plan, at: Instant, hints?: ChangeHints): PendingStatus {
  const { changes, held, deferred, unresolved, observed, unmanageable, absent, unlisted, refusals } = plan;
  const requested = requestedChanges(plan);
  const text = unresolvedText(unresolved);
  return {
    plannedAt: at,
    digest: plan.digest,
    verdict: plan.verdict,
    counts: {
      changes: changes.length,
      held: held.length,
      heldChanges: requested.length - changes.length - deferred.length,
      deferred: deferred.length,
      unresolved: unresolved.length,
      observed: observed.length,
      unmanageable: unmanageable.length,
      absent: absent.length,
      unlisted: unlisted.length,
    },
    kinds: countsOf(
      CHANGE_KINDS,
      requested.map(({ kind }) => kind),
    ),
    deferred: countsOf(
      DEFERRED_REASONS,
      deferred.map(({ reason }) => reason),
    ),
    unresolved: countsOf(
      UNRESOLVED_REASONS,
      unresolved.map(({ reason }) => reason),
    ),
    unresolvedText: text === null ? null : keptText(text),
    refusals: refusals.map(({ rule, message }) => ({ rule, message: keptText(message) })),
    held: held.slice(0, HELD_KEPT).map(heldStatus),
    heldLeftOut: Math.max(0, held.length - HELD_KEPT),
    notices: plan.notices.filter(isRename).slice(0, NOTICES_KEPT).map(noticeStatus),
    changes: firstChanges(plan, hints),
    changesLeftOut: Math.max(0, requested.length - CHANGES_KEPT),
  };
}

/** How often each word of a closed list occurs. */
function countsOf<K extends string>(words: readonly K[], found: readonly K[]): Readonly<Record<K, number>> {
  const counts = Object.fromEntries(words.map((word) => [word, 0])) as Record<K, number>;
  for (const word of found) counts[word] += 1;
  return counts;
}

/**
 * Keys of the changes that are contested after a plan: those that it defers because they are, and those that were before
 * and that it plans again, because grantd retries them once a day. A change that it does not plan is in place, or the
 * policy no longer asks for it.
 */
export function contestedAfter(before: ReadonlySet<string>, plan: Plan): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { change, reason } of plan.deferred) if (reason === 'contested') keys.add(changeKey(change));
  if (before.size === 0) return keys;
  for (const change of requestedChanges(plan)) if (before.has(changeKey(change))) keys.add(changeKey(change));
  return keys;
}

function firstChanges({ changes, held, deferred }: Plan, hints: ChangeHints | undefined): readonly ChangeStatus[] {
  const first: ChangeStatus[] = [];
  const add = (change: Change, disposition: ChangeStatus['disposition'], reason: DeferredReason | null = null) => {
    if (first.length < CHANGES_KEPT) {
      first.push({ ...changeStatus(change, disposition, reason), hints: hintTexts(hints, change).map(keptText) });
    }
  };
  for (const change of changes) add(change, 'planned');
  for (const part of held) for (const change of part.changes) add(change, 'held');
  for (const { change, reason } of deferred) add(change, 'deferred', reason);
  return first;
}

function changeStatus(
  { kind, principal, access, resource, before, after }: Change,
  disposition: ChangeStatus['disposition'],
  reason: DeferredReason | null,
): Omit<ChangeStatus, 'hints'> {
  return {
    disposition,
    kind,
    principal: keptText(principalText(principal)),
    access,
    resource: resourceKey(resource),
    label: keptText(resource.label),
    before: levelName(before),
    after: levelName(after),
    reason,
  };
}

function noticeStatus({ code, message, remedy }: Notice): NoticeStatus {
  return { code, message: keptText(message), remedy: keptText(remedy) };
}

function heldStatus(part: HeldPart): HeldStatus {
  const { digest, principal, rules, changes, approve } = part;
  const who = keptText(principalText(principal));
  return { digest, principal: who, rules, changes: changes.length, approvalLine: approvalLine(part), approve };
}
