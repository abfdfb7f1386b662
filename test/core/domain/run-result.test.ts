import { expect, test } from 'vitest';
import type { Change } from '../../../src/core/domain/plan/plan.ts';
import { type Outcome, type RunResult, triedApprovals } from '../../../src/core/domain/run/run-result.ts';
import { smallWorld } from '../../support/small-world.ts';

const ROWS = { 'project:#4001': 'viewer', 'domain:#7001': 'viewer' } as const;
const ACCESSES = ['a@x', 'b@x'].map((user, index) => ({ access: index + 1, user, rows: ROWS }));
const POLICY = {
  limits: { revokes: { principals: 1, percent: 100 } },
  grants: [{ to: ['a@x', 'b@x'], resource: 'project:Mobile' }],
};
const digests = smallWorld(POLICY, { accesses: ACCESSES }).plan.held.map(({ digest }) => digest);
const { plan } = smallWorld(POLICY, { accesses: ACCESSES }, undefined, { approvedByHand: digests });

function wrote(outcomeOf: (change: Change) => Outcome): RunResult {
  const outcomes = plan.changes.map((change) => ({
    change,
    outcome: outcomeOf(change),
    sent: 'answered' as const,
    found: null,
    reason: null,
    auditHash: null,
  }));
  return { kind: 'written', plan, outcomes, foreign: [], after: null, unconfirmed: null };
}

const tried = (result: RunResult | null) => triedApprovals(result).map(({ digest }) => digest);

test('an approved part counts as tried if a write of one of its changes was tried, even if it failed', () => {
  expect(tried(wrote(() => 'applied'))).toEqual(digests);
  expect(tried(wrote(({ access }) => (access === 1 ? 'failed' : 'not-tried')))).toEqual(digests.slice(0, 1));
  expect(tried(wrote(() => 'not-tried'))).toEqual([]);
});

test('a run that wrote nothing tried nothing', () => {
  expect(tried(null)).toEqual([]);
  expect(tried({ kind: 'not-written', plan })).toEqual([]);
  const withoutApproval: RunResult = { ...wrote(() => 'applied'), plan: { ...plan, approved: [] } } as RunResult;
  expect(tried(withoutApproval)).toEqual([]);
});
