import { describe, expect, test } from 'vitest';
import { NO_RESTRAINTS } from '../../../src/core/domain/plan/restraints.ts';
import { isNearLimits } from '../../../src/core/guard/near-limits.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { smallWorld } from '../../support/small-world.ts';

const NAMES = ['a', 'b', 'c'].map((name) => `${name}@example.com`);
const ROWS = { 'project:#4001': 'viewer' } as const;

function near(policy: PolicySpec, hasRows = false): boolean {
  const accesses = NAMES.map((user, index) => ({ access: 11 + index, user, ...(hasRows && { rows: ROWS }) }));
  const { plan, desired, actual, resolved } = smallWorld(policy, { accesses });
  return isNearLimits({ difference: plan, desired, actual, resolved, restraints: NO_RESTRAINTS });
}

const toAll = (resource: string, level: 'admin' | 'viewer' = 'viewer') => NAMES.map((to) => ({ to, resource, level }));

describe('a plan is near a limit', () => {
  test('where it uses half of what may gain', () => {
    const grants = toAll('project:#4001');
    expect(near({ grants, limits: { gains: { principals: 6, percent: null } } })).toBe(true);
    expect(near({ grants, limits: { gains: { principals: 7, percent: null } } })).toBe(false);
  });

  test('where it uses half of who may become account admin', () => {
    const grants = toAll('account', 'admin');
    const gains = { principals: 1000, percent: null };
    expect(near({ grants, limits: { gains, newAdmins: 6 } })).toBe(true);
    expect(near({ grants, limits: { gains, newAdmins: 7 } })).toBe(false);
  });

  test('where it uses half of who may lose something', () => {
    const grants = NAMES.map((to) => ({ to, resource: 'project:#999' }));
    expect(near({ grants, limits: { revokes: { principals: 5, percent: 100 } } }, true)).toBe(true);
  });

  test('and not where nothing changes', () => {
    expect(near({ grants: toAll('project:#4001') }, true)).toBe(false);
  });
});
