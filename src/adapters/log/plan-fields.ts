import { principalText } from '../../core/domain/account/principal.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import type { RunResult } from '../../core/domain/run/run-result.ts';
import { placeText } from '../../core/domain/text/problem.ts';
import { errorFields } from './error-fields.ts';
import type { LogFields } from './fields.ts';

/** How many of each a plan has, without names. */
export function planCounts(plan: Plan): LogFields {
  return {
    changes: plan.changes.length,
    deferred: plan.deferred.length,
    unmanageable: plan.unmanageable.length,
    absent: plan.absent.length,
    unlisted: plan.unlisted.length,
  };
}

export function refusalFields({ refusals }: Plan): LogFields {
  return {
    refusals: refusals.map(({ rule, message, remedy }) => ({ rule, message, remedy })),
    refusalCount: refusals.length,
  };
}

export function noticeFields({ notices }: Plan): LogFields {
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
  heldCount: null,
  deferred: null,
  unmanageable: null,
  absent: null,
  unlisted: null,
  noticeCodes: [],
  applied: null,
  remaining: null,
  foreign: [],
  foreignCount: null,
  unconfirmed: null,
};

/** What a run came to: what it planned, what it did, and what is left. All null if it made no plan. */
export function resultFields(result: RunResult | null): LogFields {
  if (result === null) return NO_RESULT;
  const { plan } = result;
  return {
    ...NO_RESULT,
    verdict: plan.verdict,
    digest: plan.digest,
    ...planCounts(plan),
    heldCount: plan.held.length,
    noticeCodes: [...new Set(plan.notices.map(({ code }) => code))],
    ...(result.kind === 'written'
      ? writtenFields(result)
      : { applied: 0, remaining: plan.changes.length, foreignCount: 0 }),
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
