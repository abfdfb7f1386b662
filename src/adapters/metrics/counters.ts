import { CHANGE_CAUSES } from '../../core/domain/plan/change-cause.ts';
import { CHANGE_KINDS } from '../../core/domain/plan/plan.ts';
import { type AccountEvent, RUN_ENDS, type RunEnded, type Trigger } from '../../core/domain/run/daemon-event.ts';
import type { GrantdError } from '../../core/domain/text/error.ts';
import { codeLabel, methodLabel, RETRY_REASONS, retryLabel, routeLabel } from './safe-label.ts';
import { SampleStore } from './samples.ts';

/** The triggers that every daemon meets. Series of the others start with their first run. */
const COMMON_TRIGGERS: readonly Trigger[] = ['start', 'file', 'schedule'];

/** The label of a change whose cause no memory knows. */
const UNKNOWN_CAUSE = 'unknown';

/** A store in which every counter and histogram of an account has its series, so that a scrape shows the first increase. */
export function newCounters(): SampleStore {
  const store = new SampleStore();
  store.begin('grantd_schedule_missed_total', {});
  for (const result of Object.keys(RUN_ENDS)) {
    for (const trigger of COMMON_TRIGGERS) store.begin('grantd_reconcile_total', { result, trigger });
  }
  store.begin('grantd_reconcile_duration_seconds', {});
  store.begin('grantd_commit_to_applied_seconds', {});
  for (const kind of CHANGE_KINDS) {
    for (const cause of [...CHANGE_CAUSES, UNKNOWN_CAUSE]) store.begin('grantd_changes_applied_total', { kind, cause });
  }
  for (const method of ['GET', 'PUT']) store.begin('grantd_api_request_duration_seconds', { method });
  for (const reason of RETRY_REASONS) store.begin('grantd_api_retries_total', { reason });
  store.begin('grantd_rate_limit_wait_seconds_total', {});
  store.begin('grantd_state_failures_total', {});
  store.begin('grantd_audit_failures_total', {});
  return store;
}

/** Counts and measures one event of an account. */
export function countEvent(store: SampleStore, event: AccountEvent): void {
  switch (event.kind) {
    case 'schedule.missed':
      store.add('grantd_schedule_missed_total', {});
      break;
    case 'run.put':
      countAudit(store, event.outcome.error);
      break;
    case 'change.applied':
      store.add('grantd_changes_applied_total', {
        kind: event.change.kind,
        cause: event.change.cause ?? UNKNOWN_CAUSE,
      });
      break;
    case 'run.ended':
      countRun(store, event);
      break;
    case 'state.unwritable':
      store.add('grantd_state_failures_total', {});
      break;
    case 'api.request':
      countRequest(store, event);
      break;
  }
}

function countRun(store: SampleStore, { end, trigger, error, durationMs, commitToAppliedSeconds }: RunEnded): void {
  store.add('grantd_reconcile_total', { result: end, trigger });
  store.observe('grantd_reconcile_duration_seconds', {}, durationMs / 1000);
  if (commitToAppliedSeconds !== null) store.observe('grantd_commit_to_applied_seconds', {}, commitToAppliedSeconds);
  countAudit(store, error);
}

function countAudit(store: SampleStore, error: GrantdError | null): void {
  if (error?.code === 'audit-unwritable') store.add('grantd_audit_failures_total', {});
}

function countRequest(store: SampleStore, event: Extract<AccountEvent, { kind: 'api.request' }>): void {
  const method = methodLabel(event.method);
  const code = codeLabel(event.status);
  store.add('grantd_api_requests_total', { method, route: routeLabel(event.route), code });
  store.observe('grantd_api_request_duration_seconds', { method }, event.durationMs / 1000);
  store.add('grantd_rate_limit_wait_seconds_total', {}, event.waitedMs / 1000);
  if (event.retry !== null) store.add('grantd_api_retries_total', { reason: retryLabel(event.retry) });
}
