import { levelName } from '../../core/domain/account/access-level.ts';
import { driftLeftByPause } from '../../core/domain/plan/change-key.ts';
import { isRename } from '../../core/domain/plan/notice.ts';
import type { RunEnd, RunEnded, Trigger } from '../../core/domain/run/daemon-event.ts';
import { hintTexts } from '../../core/domain/run/mailtrap-event.ts';
import { planLeft } from '../../core/domain/run/run-result.ts';
import { errorFields } from './error-fields.ts';
import { approvedFields, changeFields, heldFields, markFields, originFields } from './fields.ts';
import { hintFields, noticeFields, planCounts, refusalFields, resultFields } from './plan-fields.ts';
import type { KindOf, LogRows } from './row.ts';

/** The triggers by which a person asks for a run. */
const ASKED_BY_PEOPLE: ReadonlySet<Trigger> = new Set(['request', 'signal']);

/** The ends after which somebody should look at what was not written, besides `failed`. A pause is what somebody asked for, but not what others change meanwhile. */
const NEEDS_SOMEONE: ReadonlySet<RunEnd> = new Set(['partial', 'held', 'deferred']);

function needsSomeone({ end, result }: RunEnded): boolean {
  const left = planLeft(result);
  if (NEEDS_SOMEONE.has(end) || left === null) return NEEDS_SOMEONE.has(end);
  return left.notices.some(isRename) || driftLeftByPause(left).length > 0;
}

/** Lines about runs. An idle run has one line at level `info`: its end. */
export const RUN_ROWS: LogRows<KindOf<'run' | 'change' | 'mailtrap'>> = {
  'mailtrap.delivered': {
    level: { among: ['debug', 'warn'], pick: ({ unread }) => (unread > 0 ? 'warn' : 'debug') },
    message: 'audit events delivered',
    fields: (event) => {
      const { events, newEvents, unread } = event;
      return { ...originFields(event), events, newEvents, unread };
    },
  },
  'run.asked': {
    level: { among: ['debug', 'info'], pick: ({ trigger }) => (ASKED_BY_PEOPLE.has(trigger) ? 'info' : 'debug') },
    message: 'run asked for',
    fields: (event) => ({ ...originFields(event), trigger: event.trigger, commit: event.commit }),
  },
  'run.started': { level: 'debug', message: 'run started', fields: markFields },
  'run.planned': {
    level: {
      among: ['debug', 'info', 'warn'],
      pick: ({ plan }) => (plan.held.length > 0 ? 'warn' : plan.changes.length > 0 ? 'info' : 'debug'),
    },
    message: 'run planned',
    fields: (event) => ({
      ...markFields(event),
      verdict: event.plan.verdict,
      digest: event.plan.digest,
      ...planCounts(event.plan),
      ...heldFields(event.plan.held),
      ...approvedFields(event.plan.approved),
      ...refusalFields(event.plan),
      ...noticeFields(event.plan),
    }),
  },
  'run.put': {
    level: { among: ['debug', 'warn'], pick: ({ outcome }) => (outcome.sent === 'failed' ? 'warn' : 'debug') },
    message: 'access written',
    fields: (event) => {
      const { changes, sent, reason, error, auditHash } = event.outcome;
      const access = changes[0]?.access ?? null;
      return {
        ...markFields(event),
        access,
        rows: changes.length,
        sent,
        reason,
        auditHash,
        err: error === null ? null : errorFields(error),
      };
    },
  },
  'run.deadline': {
    level: 'error',
    message: 'run past its deadline',
    fields: (event) => ({ ...markFields(event), timeoutMs: event.timeoutMs }),
  },
  'change.applied': {
    level: 'info',
    message: 'change applied',
    fields: (event) => ({
      ...markFields(event),
      ...changeFields(event.change),
      auditHash: event.auditHash,
      hints: hintTexts(event.hints, event.change),
    }),
  },
  'change.not-applied': {
    level: 'warn',
    message: 'change not applied',
    fields: (event) => {
      const { change, outcome, found, reason, auditHash } = event.outcome;
      const foundName = found === null ? null : levelName(found);
      return {
        ...markFields(event),
        ...changeFields(change),
        outcome,
        found: foundName,
        reason,
        auditHash,
        hints: hintTexts(event.hints, change),
      };
    },
  },
  'change.contested': {
    level: 'warn',
    message: 'change contested',
    fields: (event) => ({
      ...markFields(event),
      ...changeFields(event.change),
      hasBeenInPlace: event.hasBeenInPlace,
    }),
  },
  'run.ended': {
    level: {
      among: ['info', 'warn', 'error'],
      pick: (event) => (event.end === 'failed' ? 'error' : needsSomeone(event) ? 'warn' : 'info'),
    },
    message: 'run ended',
    fields: (event) => ({
      ...markFields(event),
      end: event.end,
      durationMs: Math.round(event.durationMs),
      failures: event.failures,
      commitToAppliedSeconds: event.commitToAppliedSeconds,
      ...resultFields(event.result),
      ...hintFields(event),
      err: event.error === null ? null : errorFields(event.error),
    }),
  },
};
