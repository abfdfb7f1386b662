import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS } from '../../../src/core/domain/plan/restraints.ts';
import type { RunResult } from '../../../src/core/domain/run/run-result.ts';
import { agreedPlan } from '../../../src/run/reconcile/agreed-plan.ts';
import type { AccessSeed } from '../../../src/simulator/seed.ts';
import { liveAccount } from '../../support/live-account.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';

/** Each of three loses two projects, and only one may lose anything. */
const accesses: readonly AccessSeed[] = [101, 102, 103].map((access) => ({
  access,
  kind: 'user',
  email: `p${access}@example.com`,
  rows: [1, 2].map((id) => ({ type: 'project', id, level: 100 })),
}));
const POLICY: PolicySpec = {
  grants: [{ to: accesses.map(({ email }) => email), resource: 'project:#999' }],
  limits: { revokes: { principals: 1, percent: 100 } },
};
const until = '2026-12-31';

async function scene() {
  const live = await liveAccount({ accesses });
  const { plan } = await live.preview(POLICY);
  return { live, plan, digest: plan.held[0]?.digest ?? '' };
}

const outcomes = (result: RunResult) =>
  result.kind === 'written' ? result.outcomes.map(({ change, outcome }) => `${change.access} ${outcome}`) : result.kind;
const left = (result: RunResult): Plan | null => (result.kind === 'written' ? result.after : result.plan);

describe('an approved part', () => {
  it('is written, and the others stay held', async () => {
    const { live, digest } = await scene();
    const result = await live.run({ ...POLICY, approvals: [{ digests: [digest], until }] });
    expect(outcomes(result)).toEqual(['101 applied', '101 applied']);
    expect(left(result)?.held).toHaveLength(2);
    expect(live.puts().map(({ access }) => access)).toEqual([101]);
  });

  it('uses up the limit for the whole run: of two, the other one stays held when the account is read again', async () => {
    const two = await liveAccount({ accesses: accesses.slice(0, 2) });
    const approvedByHand = [(await two.preview(POLICY)).plan.held[0]?.digest ?? ''];
    const result = await two.run(POLICY, { restraints: { ...NO_RESTRAINTS, approvedByHand } });
    expect(outcomes(result)).toEqual(['101 applied', '101 applied']);
    expect([left(result)?.changes, left(result)?.held.length, left(result)?.verdict]).toEqual([[], 1, 'held']);
    expect(left(result)?.refusals.map(({ message }) => message)).toEqual([
      '2 would lose access: p102@example.com, p101@example.com. The limit is 1: the smaller of 1 and 100 % of the 1 with rows, ' +
        'at least 1. 1 of them is approved, and counts',
    ]);
    expect(two.puts().map(({ access }) => access)).toEqual([101]);
  });

  it('of which a PUT failed in passing is tried again in the same run', async () => {
    const { live, digest } = await scene();
    live.simulator.inject({
      kind: 'status',
      status: 503,
      match: { method: 'PUT', path: 'account_accesses/101/' },
      afterRequests: 1,
    });
    const restraints = { ...NO_RESTRAINTS, approvedByHand: [digest] };
    const result = await live.run(POLICY, { restraints, rowsPerPut: 1 });
    expect(outcomes(result)).toEqual(['101 applied', '101 applied']);
    expect(live.puts()).toHaveLength(3);
  });

  it('that was written in part is held anew where nothing remembers it', async () => {
    const { live, digest } = await scene();
    const approvals = [{ digests: [digest], until }];
    live.simulator.inject({
      kind: 'status',
      status: 422,
      match: { method: 'PUT', path: 'account_accesses/101/' },
      afterRequests: 1,
    });
    const first = await live.run({ ...POLICY, approvals }, { rowsPerPut: 1 });
    expect(outcomes(first)).toEqual(['101 applied', '101 failed']);
    const anew = await live.run({ ...POLICY, approvals });
    expect(left(anew)?.held).toHaveLength(3);
    const changes = (first.kind === 'written' && first.plan.approved[0]?.changes) || [];
    const begun = [{ digest, rules: ['revoke-limit' as const], access: 101, changes }];
    const rest = await live.run({ ...POLICY, approvals }, { restraints: { ...NO_RESTRAINTS, begun } });
    expect(outcomes(rest)).toEqual(['101 applied']);
  });

  it('that is another one by the time of the write is not written', async () => {
    const { live, digest } = await scene();
    live.simulator.writeAsSomebodyElse({ act: 'set-row', who: 101, type: 'project', id: 2, level: 10 });
    const result = await live.run({ ...POLICY, approvals: [{ digests: [digest], until }] });
    expect(result.kind).toBe('not-written');
    expect(live.puts()).toEqual([]);
  });
});

describe('a plan that was agreed to', () => {
  it('is compared without what is approved with it', async () => {
    const { live, plan, digest } = await scene();
    const restraints = { ...NO_RESTRAINTS, approvedByHand: [digest] };
    const result = await live.run(POLICY, { agreed: agreedPlan(plan), restraints });
    expect(outcomes(result)).toEqual(['101 applied', '101 applied']);
  });

  it('with an approval is another one once that approval does not hold', async () => {
    const { live, digest } = await scene();
    const restraints = { ...NO_RESTRAINTS, approvedByHand: [digest] };
    const { plan } = await live.preview(POLICY, restraints);
    live.simulator.writeAsSomebodyElse({ act: 'set-row', who: 101, type: 'project', id: 2, level: 10 });
    const result = await live.run(POLICY, { agreed: agreedPlan(plan, [digest]), restraints });
    expect(result.kind).toBe('stale');
    expect(live.puts()).toEqual([]);
  });

  it('is another one where the approval would let parts pass that it showed as deferred', async () => {
    // Two gain an inbox in exchange for its project, and only one may gain anything.
    const two = await liveAccount({ accesses: accesses.slice(0, 2) });
    const policy: PolicySpec = {
      grants: [{ to: accesses.slice(0, 2).map(({ email }) => email), resource: 'inbox:Web/Live' }],
      manage: ['project:Web'],
      limits: { gains: { principals: 1, percent: null } },
    };
    await two.run({ ...policy, grants: [{ to: policy.grants?.[0]?.to ?? [], resource: 'project:Web' }] });
    const { plan } = await two.preview(policy);
    expect([plan.held.length, plan.deferred.length]).toEqual([2, 2]);
    const putsBefore = two.puts().length;
    const approvedByHand = [plan.held[0]?.digest ?? ''];
    const restraints = { ...NO_RESTRAINTS, approvedByHand };
    const result = await two.run(policy, { agreed: agreedPlan(plan), restraints });
    expect(result.kind).toBe('stale');
    expect(two.puts()).toHaveLength(putsBefore);
    // Who saw it with the approval, and what that lets pass, agreed to just that.
    const seen = await two.preview(policy, restraints);
    const agreed = agreedPlan(seen.plan, approvedByHand);
    expect(outcomes(await two.run(policy, { agreed, restraints }))).toEqual(['101 applied', '101 applied']);
  });
});
