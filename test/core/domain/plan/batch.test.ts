import { describe, expect, test } from 'vitest';
import type { ResourceType } from '../../../../src/core/domain/account/resource.ts';
import { batchesOf, endsAccountAdmin, isGain, makesAccountAdmin } from '../../../../src/core/domain/plan/batch.ts';
import type { Change } from '../../../../src/core/domain/plan/plan.ts';

function change(access: number, before: number, after: number, type: ResourceType = 'account'): Change {
  const principal = { kind: 'user', email: `${access}@x` } as const;
  return { kind: 'raise', principal, access, resource: { type, id: 1, label: type }, before, after, why: [] };
}

describe('batches', () => {
  test('contain the changes of one access each, in the order of the plan', () => {
    const changes = [change(2, 0, 10), change(1, 0, 10), change(2, 100, 0), change(1, 10, 0)] as const;
    expect(batchesOf(changes)).toEqual([
      { access: 2, principal: { kind: 'user', email: '2@x' }, changes: [changes[0], changes[2]] },
      { access: 1, principal: { kind: 'user', email: '1@x' }, changes: [changes[1], changes[3]] },
    ]);
  });

  test('are none for no change', () => {
    expect(batchesOf([])).toEqual([]);
  });
});

describe.each<[before: number, after: number, gains: boolean, ends: boolean, makes: boolean]>([
  [0, 10, true, false, false],
  [10, 100, true, false, true],
  [0, 100, true, false, true],
  [50, 100, true, false, true],
  [1, 100, true, false, true],
  [100, 10, false, true, false],
  [100, 0, false, true, false],
  [10, 0, false, false, false],
  [50, 0, false, false, false],
  // An owner stays above an admin.
  [1000, 100, false, false, false],
  [100, 1000, true, false, false],
  [10, 10, false, false, false],
])('a change from %i to %i on the account', (before, after, gains, ends, makes) => {
  test(`${gains ? 'is' : 'is no'} gain`, () => {
    expect(isGain(change(1, before, after))).toBe(gains);
  });

  test(`${ends ? 'ends' : 'ends no'} account admin`, () => {
    expect(endsAccountAdmin(change(1, before, after))).toBe(ends);
  });

  test(`${makes ? 'makes' : 'makes no'} account admin`, () => {
    expect(makesAccountAdmin(change(1, before, after))).toBe(makes);
  });

  test('concerns no account admin on a project', () => {
    expect(endsAccountAdmin(change(1, before, after, 'project'))).toBe(false);
    expect(makesAccountAdmin(change(1, before, after, 'project'))).toBe(false);
  });
});
