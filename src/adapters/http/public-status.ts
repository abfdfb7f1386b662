import type { ErrorStatus } from '../../core/domain/status/account-status.ts';
import { CONDITION_REASONS } from '../../core/domain/status/condition-reasons.ts';
import { ERROR_CODES } from '../../core/domain/text/error.ts';
import type { AccountJson, DaemonStatus } from './status.ts';

/**
 * The status for a caller who may not see names: without e-mails, without names of tokens and resources, and without every
 * text that could repeat one. Counts, moments, hashes, codes, and sentences that are the same for everyone stay.
 */
export function publicStatus(status: DaemonStatus): DaemonStatus {
  return { ...status, hasNames: false, accounts: status.accounts.map(publicAccount) };
}

function publicAccount(account: AccountJson): AccountJson {
  const { conditions, lease, validity, runs, pending, watch } = account;
  return {
    ...account,
    conditions: conditions.map((condition) => ({ ...condition, message: CONDITION_REASONS[condition.reason] })),
    lease: lease && { ...lease, holder: publicHolder(lease.holder), error: lease.error && publicError(lease.error) },
    validity: {
      ...validity,
      problems: validity.problems.map((problem) => ({ ...problem, message: null, remedy: null })),
      error: validity.error && publicError(validity.error),
      frozenBecause: null,
    },
    runs: runs.map((run) => ({
      ...run,
      approved: run.approved.map((part) => ({ ...part, principal: null, by: null })),
      error: run.error && publicError(run.error),
    })),
    pending: pending && {
      ...pending,
      unresolvedText: null,
      refusals: pending.refusals.map(({ rule }) => ({ rule, message: null })),
      held: null,
      heldLeftOut: pending.counts.held,
      notices: null,
      changes: null,
      changesLeftOut: pending.counts.changes + pending.counts.heldChanges + pending.counts.deferred,
    },
    watch: watch && { mode: watch.mode, reason: null },
  };
}

/** The name of a machine or pod. Anything else that someone wrote into a Lease may be a name of another kind. */
function publicHolder(holder: string | null): string | null {
  return holder !== null && /^[\w.-]{1,300}$/.test(holder) ? holder : null;
}

function publicError({ code }: ErrorStatus): ErrorStatus {
  return { code, message: ERROR_CODES[code], remedy: null };
}
