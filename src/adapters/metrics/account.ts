import type { Plan } from '../../core/domain/plan/plan.ts';
import type { Revision } from '../../core/domain/policy/revision.ts';
import {
  type AccountEvent,
  RUN_ENDS,
  type RunEnd,
  type RunEnded,
  type Trigger,
} from '../../core/domain/run/daemon-event.ts';
import type { WatchMode } from '../../core/domain/run/daemon-ports.ts';
import type { GrantdError } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { SampleGroup } from './exposition.ts';
import { CHANGE_KINDS, changeKey, contestedAfter, PLAN_GAUGES, setPlanGauges } from './plan-numbers.ts';
import { codeLabel, commitLabel, methodLabel, RETRY_REASONS, retryLabel, routeLabel } from './safe-label.ts';
import { SampleStore } from './samples.ts';

/** Ends of runs that did all that they may: what guards hold, and a pause, is what the operator asked for. */
const SUCCESSES: ReadonlySet<RunEnd> = new Set(['clean', 'applied', 'held', 'paused', 'observed']);

/** The triggers that every daemon meets. Series of the others begin with their first run. */
const COMMON_TRIGGERS: readonly Trigger[] = ['start', 'file', 'schedule'];

/** What only runs tell. */
const OF_RUNS = [
  ...PLAN_GAUGES,
  'grantd_contested_changes',
  'grantd_last_attempt_timestamp_seconds',
  'grantd_last_success_timestamp_seconds',
] as const;

const WATCH_MODES: readonly WatchMode[] = ['inotify', 'polling'];

/** The metrics of one account, made of what its loop tells. */
export class AccountSamples {
  readonly #store = new SampleStore();
  readonly #policy: string;
  #account: number | null = null;
  /** What the last valid policy says of itself. */
  #saysPaused = false;
  #contested = new Set<string>();

  constructor(policy: string) {
    this.#policy = policy;
    this.#begin();
  }

  /** `account` is empty, which Prometheus takes as no label, until a valid policy has said it. */
  get group(): SampleGroup {
    const account = this.#account === null ? '' : String(this.#account);
    return {
      labels: [
        ['account', account],
        ['policy', this.#policy],
      ],
      store: this.#store,
    };
  }

  take(event: AccountEvent, now: Instant): void {
    const store = this.#store;
    this.#account = event.account ?? this.#account;
    switch (event.kind) {
      case 'policy.accepted':
        this.#accept(event.revision, event.isPaused);
        break;
      case 'policy.restored':
        this.#setPolicy(true, this.#saysPaused);
        break;
      case 'policy.rejected':
        this.#setPolicy(false, event.saysPaused || this.#saysPaused);
        break;
      case 'policy.unreadable':
        this.#setPolicy(false, this.#saysPaused);
        break;
      case 'watch.mode':
        for (const mode of WATCH_MODES) store.set('grantd_watch_mode', { mode }, Number(mode === event.mode));
        break;
      case 'schedule.missed':
        store.add('grantd_schedule_missed_total', {});
        break;
      case 'next.planned':
        store.setOrDrop('grantd_schedule_next_timestamp_seconds', {}, secondsOf(event.scheduleAt));
        store.setOrDrop('grantd_next_boundary_timestamp_seconds', {}, secondsOf(event.boundaryAt));
        break;
      case 'run.started':
        store.set('grantd_last_attempt_timestamp_seconds', {}, now / 1000);
        break;
      case 'run.planned':
        this.#setPlan(event.plan);
        break;
      case 'run.put':
        this.#countAudit(event.outcome.error);
        break;
      case 'change.applied':
        store.add('grantd_changes_applied_total', { kind: event.change.kind });
        break;
      case 'change.contested':
        this.#setContested(this.#contested.add(changeKey(event.change)));
        break;
      case 'run.ended':
        this.#endRun(event, now);
        break;
      case 'token.expiry':
        store.setOrDrop('grantd_token_expires_timestamp_seconds', {}, secondsOf(event.expiresAt));
        break;
      case 'lease.acquired':
        this.#lead();
        break;
      case 'lease.lost':
      case 'lease.standby':
      case 'lease.released':
        this.#standBy();
        break;
      case 'state.unwritable':
        store.add('grantd_state_failures_total', {});
        break;
      case 'api.request':
        this.#countRequest(event);
        break;
    }
  }

  #begin(): void {
    const store = this.#store;
    store.set('grantd_leader', {}, 1);
    store.set('grantd_policy_valid', {}, 0);
    store.set('grantd_paused', {}, 0);
    store.set('grantd_consecutive_failures', {}, 0);
    store.begin('grantd_schedule_missed_total', {});
    for (const result of Object.keys(RUN_ENDS)) {
      for (const trigger of COMMON_TRIGGERS) store.begin('grantd_reconcile_total', { result, trigger });
    }
    store.begin('grantd_reconcile_duration_seconds', {});
    store.begin('grantd_commit_to_applied_seconds', {});
    for (const kind of CHANGE_KINDS) store.begin('grantd_changes_applied_total', { kind });
    for (const method of ['GET', 'PUT']) store.begin('grantd_api_request_duration_seconds', { method });
    for (const reason of RETRY_REASONS) store.begin('grantd_api_retries_total', { reason });
    store.begin('grantd_rate_limit_wait_seconds_total', {});
    store.begin('grantd_state_failures_total', {});
    store.begin('grantd_audit_failures_total', {});
  }

  #lead(): void {
    const store = this.#store;
    store.set('grantd_leader', {}, 1);
    store.set('grantd_last_attempt_timestamp_seconds', {}, 0);
    store.set('grantd_last_success_timestamp_seconds', {}, 0);
  }

  /** What it knew of the account is older from now on than what another replica knows. */
  #standBy(): void {
    const store = this.#store;
    store.set('grantd_leader', {}, 0);
    store.set('grantd_consecutive_failures', {}, 0);
    this.#contested = new Set();
    for (const name of OF_RUNS) store.drop(name);
  }

  #accept({ sha256, commit }: Revision, isPaused: boolean): void {
    const store = this.#store;
    const isFirst = store.samplesOf('grantd_policy_info').length === 0;
    store.drop('grantd_policy_info');
    store.set('grantd_policy_info', { sha256, commit: commitLabel(commit) }, 1);
    this.#saysPaused = isPaused;
    this.#setPolicy(true, isPaused);
    if (!isFirst || !this.#leads) return;
    store.set('grantd_last_attempt_timestamp_seconds', {}, 0);
    store.set('grantd_last_success_timestamp_seconds', {}, 0);
  }

  get #leads(): boolean {
    return this.#store.samplesOf('grantd_leader').some(({ value }) => value === 1);
  }

  #setPolicy(isValid: boolean, isPaused: boolean): void {
    this.#store.set('grantd_policy_valid', {}, Number(isValid));
    this.#store.set('grantd_paused', {}, Number(isPaused));
  }

  #setPlan(plan: Plan): void {
    setPlanGauges(this.#store, plan);
    this.#setContested(contestedAfter(this.#contested, plan));
  }

  #setContested(contested: Set<string>): void {
    this.#contested = contested;
    this.#store.set('grantd_contested_changes', {}, contested.size);
  }

  #endRun({ end, trigger, result, error, durationMs, failures, commitToAppliedSeconds }: RunEnded, now: Instant): void {
    const store = this.#store;
    store.add('grantd_reconcile_total', { result: end, trigger });
    store.observe('grantd_reconcile_duration_seconds', {}, durationMs / 1000);
    store.set('grantd_consecutive_failures', {}, failures);
    if (SUCCESSES.has(end)) store.set('grantd_last_success_timestamp_seconds', {}, now / 1000);
    if (commitToAppliedSeconds !== null) {
      store.observe('grantd_commit_to_applied_seconds', {}, commitToAppliedSeconds);
    }
    const after = result?.kind === 'written' ? result.after : null;
    if (after !== null) setPlanGauges(store, after);
    this.#countAudit(error);
  }

  #countAudit(error: GrantdError | null): void {
    if (error?.code === 'audit-unwritable') this.#store.add('grantd_audit_failures_total', {});
  }

  #countRequest(event: Extract<AccountEvent, { kind: 'api.request' }>): void {
    const store = this.#store;
    const method = methodLabel(event.method);
    const code = codeLabel(event.status);
    store.add('grantd_api_requests_total', { method, route: routeLabel(event.route), code });
    store.observe('grantd_api_request_duration_seconds', { method }, event.durationMs / 1000);
    store.add('grantd_rate_limit_wait_seconds_total', {}, event.waitedMs / 1000);
    if (event.retry !== null) store.add('grantd_api_retries_total', { reason: retryLabel(event.retry) });
  }
}

function secondsOf(at: Instant | null): number | null {
  return at === null ? null : at / 1000;
}
