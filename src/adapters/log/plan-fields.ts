import { levelName } from '../../core/domain/account/access-level.ts';
import { principalText } from '../../core/domain/account/principal.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import { CHANGE_CAUSES } from '../../core/domain/plan/change-cause.ts';
import { driftLeftByPause, requestedChanges } from '../../core/domain/plan/change-key.ts';
import { isRename } from '../../core/domain/plan/notice.ts';
import type { Deferred, Plan, Unmanageable } from '../../core/domain/plan/plan.ts';
import type { Unresolved } from '../../core/domain/plan/unresolved.ts';
import type { RunEnded } from '../../core/domain/run/daemon-event.ts';
import { hintTexts } from '../../core/domain/run/mailtrap-event.ts';
import { planLeft, type RunResult, triedApprovals } from '../../core/domain/run/run-result.ts';
import { placeText } from '../../core/domain/text/problem.ts';
import { errorFields } from './error-fields.ts';
import { approvedFields, heldFields, type LogFields } from './fields.ts';

/** How many entries of a list a line names at most; `boundFields` cuts more if the line would be too long. */
const NAMED_MOST = 50;

/** How many changes by drift the end of a run names. */
const DRIFT_MOST = 20;

/** How many hints the end of a run has. */
const HINTS_MOST = 10;

/** How many notices the end of a run has in words. */
const NOTICES_MOST = 10;

/** How many of each a plan has, without names. */
export function planCounts(plan: Plan): LogFields {
  return {
    changes: plan.changes.length,
    deferred: plan.deferred.length,
    unresolved: plan.unresolved.length,
    observed: plan.observed.length,
    unmanageable: plan.unmanageable.length,
    absent: plan.absent.length,
    unlisted: plan.unlisted.length,
    causes: causeCounts(plan),
  };
}

/** How many of the changes that the policy asks for have each cause. Null without memory, and if there is no change. */
function causeCounts(plan: Plan): LogFields | null {
  const causes = requestedChanges(plan).flatMap(({ cause }) => cause ?? []);
  if (causes.length === 0) return null;
  return Object.fromEntries(CHANGE_CAUSES.map((cause) => [cause, causes.filter((one) => one === cause).length]));
}

export function refusalFields({ refusals }: Plan): LogFields {
  return {
    refusals: refusals.map(({ rule, message, remedy }) => ({ rule, message, remedy })),
    refusalCount: refusals.length,
  };
}

export function noticeFields({ notices }: Pick<Plan, 'notices'>): LogFields {
  return {
    notices: notices.map(({ code, message, remedy, at }) => ({
      at: at === null ? null : placeText(at),
      code,
      message,
      remedy,
    })),
    noticeCount: notices.length,
  };
}

const NO_RESULT: LogFields = {
  verdict: null,
  digest: null,
  changes: null,
  held: [],
  heldCount: null,
  approved: [],
  approvedCount: null,
  deferred: null,
  deferredChanges: [],
  unresolved: null,
  unresolvedNames: [],
  drift: [],
  driftCount: null,
  observed: null,
  unmanageable: null,
  unmanageableRows: [],
  absent: null,
  unlisted: null,
  causes: null,
  noticeCodes: [],
  notices: [],
  noticeCount: null,
  applied: null,
  remaining: null,
  foreign: [],
  foreignCount: null,
  unconfirmed: null,
};

/**
 * What a run came to: what it planned, what it did, and who or what is left waiting, by name. All null or empty if it made no
 * plan. `changes` counts what it planned to write, and `approved` says what of it was tried by approval; what is held, deferred or unmanageable is as the run left it.
 */
export function resultFields(result: RunResult | null): LogFields {
  const left = planLeft(result);
  if (result === null || left === null) return NO_RESULT;
  const { plan } = result;
  const approved = triedApprovals(result);
  return {
    ...NO_RESULT,
    verdict: plan.verdict,
    digest: plan.digest,
    ...planCounts(left),
    changes: plan.changes.length,
    causes: causeCounts(plan),
    ...heldFields(left.held.slice(0, NAMED_MOST)),
    heldCount: left.held.length,
    ...approvedFields(approved.slice(0, NAMED_MOST)),
    approvedCount: approved.length,
    deferredChanges: left.deferred.slice(0, NAMED_MOST).map(deferredFields),
    unresolvedNames: left.unresolved.slice(0, NAMED_MOST).map(unresolvedFields),
    ...driftFields(left),
    unmanageableRows: left.unmanageable.slice(0, NAMED_MOST).map(unmanageableFields),
    noticeCodes: [...new Set(plan.notices.map(({ code }) => code))],
    ...noticeFields({ notices: left.notices.filter(isRename).slice(0, NOTICES_MOST) }),
    ...(result.kind === 'written'
      ? writtenFields(result)
      : { applied: 0, remaining: plan.changes.length, foreignCount: 0 }),
  };
}

/** What someone else changed, and a pause leaves so. */
function driftFields(left: Plan): LogFields {
  const drift = driftLeftByPause(left);
  return {
    drift: drift.slice(0, DRIFT_MOST).map(({ principal, access, resource, before, after }) => ({
      principal: principalText(principal),
      access,
      resource: resource.label,
      resourceId: resourceKey(resource),
      before: levelName(before),
      after: levelName(after),
    })),
    driftCount: drift.length,
  };
}

/** Who may have caused what the run leaves as someone else made it, in Mailtrap's words; what it wrote has lines of its own. */
export function hintFields({ result, hints }: Pick<RunEnded, 'result' | 'hints'>): LogFields {
  const left = planLeft(result);
  const texts = left === null ? [] : requestedChanges(left).flatMap((change) => hintTexts(hints, change));
  return { hints: [...new Set(texts)].slice(0, HINTS_MOST) };
}

function deferredFields({ change, reason, waitsFor }: Deferred): LogFields {
  const { kind, principal, access, resource, before, after, cause } = change;
  return {
    change: kind,
    principal: principalText(principal),
    access,
    resource: resource.label,
    resourceId: resourceKey(resource),
    before: levelName(before),
    after: levelName(after),
    cause: cause ?? null,
    reason,
    waitsFor,
  };
}

function unresolvedFields({ name, reason, at }: Unresolved): LogFields {
  return { name, reason, at: placeText(at) };
}

function unmanageableFields({ kind, principal, access, resource, actual, entitled, reason }: Unmanageable): LogFields {
  return {
    kind,
    principal: principalText(principal),
    access,
    resource: resource.label,
    resourceId: resourceKey(resource),
    actual: levelName(actual),
    entitled: levelName(entitled),
    reason,
  };
}

function writtenFields(result: Extract<RunResult, { kind: 'written' }>): LogFields {
  const { outcomes, foreign, after, unconfirmed } = result;
  return {
    applied: outcomes.filter(({ outcome }) => outcome === 'applied').length,
    remaining: after === null ? null : after.changes.length,
    foreign: foreign.map(({ principal, access, row }) => ({
      principal: principalText(principal),
      access,
      resourceId: `${row.type}:#${row.id}`,
    })),
    foreignCount: foreign.length,
    unconfirmed: unconfirmed === null ? null : errorFields(unconfirmed),
  };
}
