import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { ResolvedPolicy } from '../../../src/core/domain/policy/entitlement.ts';
import type { Outcome, RunResult } from '../../../src/core/domain/run/run-result.ts';
import type { AccountSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { smallWorld } from '../../support/small-world.ts';

export interface PlannedResult {
  readonly resolved: ResolvedPolicy;
  readonly plan: Plan;
  /** The result of a run that wrote the whole plan, each change with that outcome. */
  written(...outcomes: readonly Outcome[]): RunResult;
  notWritten(): RunResult;
}

/** A plan of the real stages, and the results that a run of it can come to. One outcome given stands for all changes. */
export function planned(policy: PolicySpec, account: AccountSpec = {}): PlannedResult {
  const { plan, resolved } = smallWorld(policy, account);
  return {
    resolved,
    plan,
    written: (...outcomes) => ({
      kind: 'written',
      plan,
      outcomes: plan.changes.map((change, index) => {
        const outcome = outcomes[index] ?? outcomes[0] ?? 'applied';
        const sent = outcome === 'failed' || outcome === 'not-tried' ? outcome : 'answered';
        return { change, outcome, sent, found: null, reason: null, auditHash: null };
      }),
      foreign: [],
      after: null,
      unconfirmed: null,
    }),
    notWritten: () => ({ kind: plan.verdict === 'complete' ? 'complete' : 'not-written', plan }),
  };
}
