import type { Change, Plan } from '../../../src/core/domain/plan/plan.ts';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { Fault } from '../../../src/simulator/fault.ts';
import type { Moved } from '../../../test/property/limit-checks.ts';
import { sentPut } from '../../../test/support/account-snapshot.ts';
import { keyOf } from '../../../test/support/oracle.ts';
import { endedLately } from './known-ends.ts';
import type { Ledger } from './ledger.ts';
import type { RunEndFacts, RunRecord } from './run-record.ts';

/**
 * What a plan calls drift somebody else did, and a newcomer came: else a removal by policy would go uncounted. A newcomer stays one
 * until a run has settled it. And neither holds up what a merge removes.
 */
export class CauseLedger implements Ledger {
  readonly #initial: ReadonlySet<number>;
  /** Whom somebody else may have changed, or of whom grantd does not know what became of a PUT. */
  readonly #touched = new Set<number | string>();
  /** Since then anybody may differ from what grantd remembers. */
  #isAnybody = false;
  #hasApproved = false;
  /** Who was a newcomer in an earlier run, and has not settled since. */
  readonly #newcomers = new Set<number>();
  #lost: { readonly who: string; readonly at: number }[] = [];

  constructor(initial: readonly number[]) {
    this.#initial = new Set(initial);
  }

  stateLost(): void {
    this.#hasApproved = false;
    this.#newcomers.clear();
  }

  wroteElse(write: AccountWrite): void {
    // A read in the middle of a run may have shown that it settled.
    if ('who' in write && typeof write.who === 'number') this.#newcomers.delete(write.who);
    else this.#newcomers.clear();
    if ('who' in write) this.#touched.add(write.who);
    else this.#isAnybody ||= write.act === 'remove-resource';
  }

  judge(run: RunRecord, facts: RunEndFacts): readonly string[] {
    const { plan, faults } = run;
    for (const fault of faults) if (fault.kind === 'second-writer') this.wroteElse(fault.write);
    const broken =
      plan === null || run.isBlurred
        ? []
        : [...this.#mislabelled(plan), ...this.#heldByOthers(run, plan), ...this.#noLonger(plan)];
    this.#noteUnsure(run, facts, faults);
    this.#noteNewcomers(run, facts);
    this.#hasApproved ||= (plan?.approved.length ?? 0) > 0;
    const now = plan?.now ?? 0;
    this.#lost.push(...losers(plan?.changes ?? []).map((who) => ({ who, at: now })));
    return broken;
  }

  #noLonger(plan: Plan): readonly string[] {
    return changesOf(plan)
      .filter(({ access, cause }) => this.#newcomers.has(access) && cause !== 'newcomer')
      .map(({ access, cause, resource }) => {
        return `causes: ${resource.label} of access ${access} is called ${cause}, and no run settled that newcomer`;
      });
  }

  /** An access that was written, or on which a read left nothing, may have settled. */
  #noteNewcomers({ plan, writes, isBlurred }: RunRecord, { end }: RunEndFacts): void {
    if (plan === null) return;
    if (isBlurred) {
      this.#newcomers.clear();
      return;
    }
    const all = changesOf(plan);
    for (const { access, cause } of all) if (cause === 'newcomer') this.#newcomers.add(access);
    const after = end?.result?.kind === 'written' ? end.result.after : null;
    for (const read of [plan, ...(after ? [after] : [])]) {
      const left = new Set(changesOf(read).map(({ access }) => access));
      for (const access of this.#newcomers) if (!left.has(access)) this.#newcomers.delete(access);
    }
    for (const { access } of writes) this.#newcomers.delete(access);
  }

  #mislabelled(plan: Plan): readonly string[] {
    return changesOf(plan).flatMap(({ access, cause, resource }) => {
      const isFalse =
        (cause === 'drift' && !this.#isAnybody && !this.#touched.has(access)) ||
        (cause === 'newcomer' && this.#initial.has(access));
      return isFalse
        ? [`causes: ${resource.label} of access ${access} is called ${cause}, and nobody else did that`]
        : [];
    });
  }

  /** A part is held by `revoke-limit` for what the policy takes only if the policy takes too much, whatever others did. */
  #heldByOthers({ policy }: RunRecord, { now, changes, held, approved }: Plan): readonly string[] {
    const { principals, percent } = policy.limits.revokes;
    if (this.#hasApproved || approved.length > 0) return [];
    const isOfPolicy = ({ cause }: Change) => cause !== 'drift' && cause !== 'newcomer';
    const parts = held.filter(({ rules, changes: own }) => {
      const isLoss = (change: Change) => change.after < change.before;
      return rules.includes('revoke-limit') && own.some(isLoss) && own.filter(isLoss).every(isOfPolicy);
    });
    if (parts.length === 0) return [];
    const planned = losers([...changes, ...held.flatMap((part) => part.changes)].filter(isOfPolicy));
    const lately = this.#lost.filter(({ at }) => at > now - 86_400_000).map(({ who }) => who);
    const count = new Set([...planned, ...lately, ...endedLately(policy, now)]).size;
    const fits = count <= 1 || (percent === 100 && count <= principals);
    return fits
      ? [`causes: ${count} lose by the policy, ${principals} may, and they are held for what others did`]
      : [];
  }

  /** After a PUT that did not end well, a run that died, or a read of before, nobody knows what grantd remembers. */
  #noteUnsure({ writes, isBlurred }: RunRecord, { end, requests }: RunEndFacts, faults: readonly Fault[]): void {
    const isOdd = faults.some(({ kind }) => kind === 'stale' || kind === 'hidden');
    if (isBlurred || isOdd) this.#isAnybody = true;
    if (end === null || end.result === null) for (const { access } of writes) this.#touched.add(access);
    for (const request of requests)
      if (request.method === 'PUT' && (request.faults.length > 0 || request.status !== 200))
        this.#touched.add(sentPut(request).access);
  }
}

/** All that a plan would change, written now or not. */
function changesOf({ changes, held, deferred }: Plan): readonly Change[] {
  return [...changes, ...held.flatMap((part) => part.changes), ...deferred.map(({ change }) => change)];
}

function losers(changes: readonly Change[]): readonly string[] {
  return changes
    .filter(({ before, after }) => after < before)
    .map(({ principal }) =>
      JSON.stringify('email' in principal ? { email: principal.email.toLowerCase() } : { token: principal.name }),
    );
}

/** The pool of a row by the cause that a plan gives its change. */
export function poolIn(plan: Plan | null, { access, key, before, after }: Moved): string {
  const change = plan?.changes.find((one) => one.access === access && keyOf(one.resource) === key);
  const cause = change?.cause;
  if (cause !== 'drift' && cause !== 'newcomer') return 'policy';
  // Account admin that drift gave is taken back whatever the limits say, each by itself.
  const isAdminTaken = change?.resource.type === 'account' && before >= 100 && after < 100;
  return cause === 'drift' && isAdminTaken ? `account admin of ${access} by drift` : cause;
}
