import { levelName } from '../../core/domain/account/access-level.ts';
import { principalText } from '../../core/domain/account/principal.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import { approvalLine, approvalText } from '../../core/domain/plan/approval-text.ts';
import type { ApprovedPart, Cause, Change, HeldPart } from '../../core/domain/plan/plan.ts';
import type { NamedPlace } from '../../core/domain/policy/entitlement.ts';
import { type Revision, revisionText } from '../../core/domain/policy/revision.ts';
import type { Origin, RunMark } from '../../core/domain/run/daemon-event.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { type Problem, placeText } from '../../core/domain/text/problem.ts';

/** What a field of a line may contain. What is unknown is null and never undefined, so every line of a kind has the same fields. */
export type LogValue = string | number | boolean | null | readonly LogValue[] | { readonly [key: string]: LogValue };
export type LogFields = { readonly [key: string]: LogValue };

export function originFields({ account, policy }: Origin): LogFields {
  return { account, policy };
}

export function markFields(mark: RunMark): LogFields {
  const { runId, trigger, revision } = mark;
  return { ...originFields(mark), runId, trigger, revision: revisionText(revision) };
}

export function changeFields({ kind, principal, access, resource, before, after, why, cause }: Change): LogFields {
  return {
    change: kind,
    principal: principalText(principal),
    access,
    resource: resource.label,
    resourceId: resourceKey(resource),
    before: levelName(before),
    after: levelName(after),
    why: why.map(causeText),
    whyCount: why.length,
    cause: cause ?? null,
  };
}

export function problemFields(problems: readonly Problem[]): LogFields {
  return {
    problems: problems.map(({ at, code, severity, message, remedy }) => ({
      at: placeText(at),
      code,
      severity,
      message,
      remedy,
    })),
    problemCount: problems.length,
  };
}

export function heldFields(held: readonly HeldPart[]): LogFields {
  return {
    held: held.map((part) => ({
      digest: part.digest,
      principal: principalText(part.principal),
      rules: part.rules,
      changes: part.changes.length,
      approvalLine: approvalLine(part),
      approve: part.approve,
    })),
    heldCount: held.length,
  };
}

export function approvedFields(approved: readonly ApprovedPart[]): LogFields {
  return {
    approved: approved.map(({ digest, principal, rules, changes, by }) => ({
      digest,
      principal: principalText(principal),
      rules,
      changes: changes.length,
      by: approvalText(by),
    })),
    approvedCount: approved.length,
  };
}

/** In ISO 8601; null if there is none. */
export function momentText(at: Instant | null): string | null {
  if (at === null) return null;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

export function revisionOrNull(revision: Revision | null): string | null {
  return revision === null ? null : revisionText(revision);
}

type GrantCause = Extract<Cause, { readonly kind: 'grant' | 'ended' }>;

/** One reason for a change in a sentence, which starts with what it is. */
function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'grant':
      return `granted at ${grantText(cause)}`;
    case 'ended':
      return `ended: granted at ${grantText(cause)}`;
    case 'not-granted':
      return `no grant gives this: named at ${placeText(cause.grant)}${groupsText(cause.groups, 'by')}`;
    case 'unlisted':
      return `no grant that has begun names them: unlisted at ${placeText(cause.at)}`;
    case 'offboarded':
      return `offboarded: ends at ${placeText(cause.at)}`;
  }
}

function grantText({ grant, level, resource, role, groups, reason, until, endedBy, otherPaths }: GrantCause): string {
  const parts = [
    `${placeText(grant)}${groupsText(groups)}${role === null ? '' : ` by role ${role.name}`}: ${level} on ${resource}`,
    ...(reason === null ? [] : [`reason ${reason}`]),
    ...(until === null ? [] : [`until ${until.text}`]),
    ...(endedBy === null ? [] : [`by ends at ${placeText(endedBy)}`]),
    ...(otherPaths === 0 ? [] : [`other ways ${otherPaths}`]),
  ];
  return parts.join(', ');
}

function groupsText(groups: readonly NamedPlace[], word = 'to'): string {
  return groups.length === 0 ? '' : ` ${word} group ${groups.map(({ name }) => name).join(' in ')}`;
}
