import { levelName } from '../../core/domain/account/access-level.ts';
import { principalText, writtenName } from '../../core/domain/account/principal.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import type { AheadDate } from '../../core/domain/plan/ahead.ts';
import { approvalLine, approvalText } from '../../core/domain/plan/approval-text.ts';
import type { ApprovedPart, Change, Deferred, HeldPart } from '../../core/domain/plan/plan.ts';
import type { Unlisted } from '../../core/domain/plan/unlisted.ts';
import type { Origin, RunMark } from '../../core/domain/run/daemon-event.ts';
import type { GrantdError } from '../../core/domain/text/error.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import type { Problem } from '../../core/domain/text/problem.ts';
import { boundedText } from '../../core/domain/text/text.ts';
import {
  NOTIFICATION_VERSION,
  type Notification,
  type NotificationApproved,
  type NotificationChange,
  type NotificationData,
  type NotificationDeferred,
  type NotificationEnd,
  type NotificationHeld,
  type NotificationKind,
  type NotificationProblem,
  type NotificationUnlisted,
  type Severity,
} from './notification.ts';

/** How many entries a list of a notification has at most. */
export const ITEMS_MOST = 100;

const TEXT_CHARACTERS_MOST = 300;

/** How many resources an end names. */
const ACCESS_MOST = 10;

type Extras = Partial<Omit<NotificationData, 'version' | 'kind' | 'severity' | 'summary' | 'policy' | 'account'>>;

/** A notification about one account, with every key that a notification has. */
export function notificationOf(
  about: Origin | RunMark,
  at: Instant,
  kind: NotificationKind,
  severity: Severity,
  summary: string,
  { remedy = null, ...extras }: Extras = {},
): Notification {
  const { policy, account } = about;
  const run = 'runId' in about ? { runId: about.runId, trigger: about.trigger } : null;
  const revision = 'revision' in about ? { sha256: about.revision.sha256, commit: about.revision.commit } : null;
  return {
    at,
    data: {
      version: NOTIFICATION_VERSION,
      kind,
      severity,
      policy,
      account,
      summary: shortText(summary),
      remedy: remedy === null ? null : shortText(remedy),
      run,
      revision,
      count: 0,
      changes: [],
      held: [],
      approved: [],
      deferred: [],
      unlisted: [],
      ends: [],
      problems: [],
      error: null,
      expiresAt: null,
      ...extras,
    },
  };
}

export function changeItem(
  change: Change,
  more: Partial<Pick<NotificationChange, 'auditHash' | 'hasBeenInPlace' | 'hints'>> = {},
): NotificationChange {
  const { hints = [], ...rest } = more;
  return { ...rowItem(change), auditHash: null, hasBeenInPlace: null, ...rest, hints: hints.map(shortText) };
}

function rowItem({ kind, principal, access, resource, before, after, cause }: Change) {
  return {
    kind,
    principal: shortText(principalText(principal)),
    access,
    resource: resourceKey(resource),
    label: shortText(resource.label),
    before: levelName(before),
    after: levelName(after),
    cause: cause ?? null,
  };
}

export function heldItem(part: HeldPart): NotificationHeld {
  const { digest, principal, rules, changes, approve } = part;
  const who = shortText(principalText(principal));
  return { digest, principal: who, rules, changes: changes.length, approvalLine: approvalLine(part), approve };
}

export function approvedItem({ digest, principal, rules, changes, by }: ApprovedPart): NotificationApproved {
  const who = shortText(principalText(principal));
  return { digest, principal: who, rules, changes: changes.length, by: shortText(approvalText(by)) };
}

export function deferredItem({ change, reason, waitsFor }: Deferred): NotificationDeferred {
  return { ...rowItem(change), reason, waitsFor: shortText(waitsFor) };
}

export function unlistedItem({ principal, access, rows }: Unlisted): NotificationUnlisted {
  return { principal: shortText(principalText(principal)), access, rows: rows.length };
}

/** One item for each principal of a date. */
export function endItems({ at, line, who, what }: AheadDate): readonly NotificationEnd[] {
  const access = what.slice(0, ACCESS_MOST).map(({ resource, level }) => shortText(`${resource} ${level}`));
  const { file } = line;
  return who.map((name) => ({
    principal: shortText(writtenName(name)),
    endsAt: instantText(at.at),
    file,
    line: line.line,
    access,
  }));
}

export function problemItem({ code, message, remedy, at }: Problem): NotificationProblem {
  const { file, line, column } = at;
  return { code, file, line, column, message: shortText(message), remedy: shortText(remedy) };
}

export function errorExtras({ code, message, remedy }: GrantdError): Pick<NotificationData, 'error' | 'remedy'> {
  return { error: { code, message: shortText(message) }, remedy };
}

/** A text of unknown origin, short enough to send. */
function shortText(text: string): string {
  return boundedText(text, TEXT_CHARACTERS_MOST);
}
