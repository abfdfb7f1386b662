import { CHANGE_KINDS, DEFERRED_REASONS } from '../../core/domain/plan/plan.ts';
import { UNRESOLVED_REASONS } from '../../core/domain/plan/unresolved.ts';
import type { WatchMode } from '../../core/domain/run/daemon-ports.ts';
import type { AccountStatus, PendingStatus } from '../../core/domain/status/account-status.ts';
import { leads } from '../../core/domain/status/status-update.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { commitLabel } from './safe-label.ts';
import { SampleStore } from './samples.ts';

const WATCH_MODES: readonly WatchMode[] = ['inotify', 'polling'];

/** The gauges of one account, which are what its status says. Made for one scrape. */
export function gaugesOf(status: AccountStatus): SampleStore {
  const store = new SampleStore();
  const { validity, revisions, watch, next, pending, contested, failures, tokenExpiresAt } = status;
  store.set('grantd_leader', {}, Number(leads(status)));
  if (revisions.accepted !== null) {
    const { sha256, commit } = revisions.accepted;
    store.set('grantd_policy_info', { sha256, commit: commitLabel(commit) }, 1);
  }
  store.set('grantd_policy_valid', {}, Number(validity.state === 'valid'));
  store.set('grantd_paused', {}, Number(validity.isPaused));
  if (watch !== null) {
    for (const mode of WATCH_MODES) store.set('grantd_watch_mode', { mode }, Number(mode === watch.mode));
  }
  setMoment(store, 'grantd_schedule_next_timestamp_seconds', next.scheduleAt);
  setMoment(store, 'grantd_next_boundary_timestamp_seconds', next.boundaryAt);
  setMoment(store, 'grantd_token_expires_timestamp_seconds', tokenExpiresAt);
  setMoment(store, 'grantd_last_attempt_timestamp_seconds', status.lastAttemptAt ?? beforeTheFirst(status));
  setMoment(store, 'grantd_last_success_timestamp_seconds', status.lastSuccessAt ?? beforeTheFirst(status));
  store.set('grantd_consecutive_failures', {}, failures);
  if (pending !== null) {
    setPending(store, pending);
    store.set('grantd_contested_changes', {}, contested.size);
  }
  return store;
}

/** 0 before the first run of the replica that leads; no series for others, so that no alert takes them for stuck ones. */
function beforeTheFirst(status: AccountStatus): Instant | null {
  return leads(status) && status.revisions.accepted !== null ? 0 : null;
}

/** How far the account is from the policy. */
function setPending(store: SampleStore, { counts, kinds, deferred, unresolved }: PendingStatus): void {
  for (const kind of CHANGE_KINDS) store.set('grantd_pending_changes', { kind }, kinds[kind]);
  for (const reason of DEFERRED_REASONS) store.set('grantd_deferred_changes', { reason }, deferred[reason]);
  for (const reason of UNRESOLVED_REASONS) store.set('grantd_unresolved_names', { reason }, unresolved[reason]);
  store.set('grantd_held', {}, counts.held);
  store.set('grantd_observed_changes', {}, counts.observed);
  store.set('grantd_unmanageable_rows', {}, counts.unmanageable);
  store.set('grantd_absent_principals', {}, counts.absent);
  store.set('grantd_unlisted_principals', {}, counts.unlisted);
}

type Moment =
  | 'grantd_schedule_next_timestamp_seconds'
  | 'grantd_next_boundary_timestamp_seconds'
  | 'grantd_token_expires_timestamp_seconds'
  | 'grantd_last_attempt_timestamp_seconds'
  | 'grantd_last_success_timestamp_seconds';

/** No series if there is no such moment. */
function setMoment(store: SampleStore, name: Moment, at: Instant | null): void {
  if (at !== null) store.set(name, {}, at / 1000);
}
