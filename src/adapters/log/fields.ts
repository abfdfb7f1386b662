import { levelName } from '../../core/domain/account/access-level.ts';
import { principalText } from '../../core/domain/account/principal.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import type { Change, HeldPart } from '../../core/domain/plan/plan.ts';
import { type Revision, revisionText } from '../../core/domain/policy/revision.ts';
import type { Origin, RunMark } from '../../core/domain/run/daemon-event.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { type Problem, placeText } from '../../core/domain/text/problem.ts';
import { causeText } from './cause-text.ts';

/** What a field of a line may hold. Nothing that is undefined: what is not known is null, so that every line of a kind has the same fields. */
export type LogValue = string | number | boolean | null | readonly LogValue[] | { readonly [key: string]: LogValue };
export type LogFields = { readonly [key: string]: LogValue };

export function originFields({ account, policy }: Origin): LogFields {
  return { account, policy };
}

export function markFields(mark: RunMark): LogFields {
  const { runId, trigger, revision } = mark;
  return { ...originFields(mark), runId, trigger, revision: revisionText(revision) };
}

export function changeFields({ kind, principal, access, resource, before, after, why }: Change): LogFields {
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
    held: held.map(({ digest, principal, rules, changes, approve }) => ({
      digest,
      principal: principalText(principal),
      rules,
      changes: changes.length,
      approve,
    })),
    heldCount: held.length,
  };
}

/** In ISO 8601; null where there is none. */
export function momentText(at: Instant | null): string | null {
  if (at === null) return null;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

export function standingText(revision: Revision | null): string | null {
  return revision === null ? null : revisionText(revision);
}
