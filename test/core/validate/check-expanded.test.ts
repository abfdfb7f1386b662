import { describe, expect, it } from 'vitest';
import { checkExpanded } from '../../../src/core/validate/check-expanded.ts';
import type { PolicyDraft } from '../../../src/core/validate/read-policy.ts';
import { buildPolicy, type GrantSpec, type PolicySpec } from '../../support/policy-builder.ts';

/** The problems of a policy, each as its line and message. */
function found(spec: PolicySpec): readonly string[] {
  const problems = checkExpanded({ policy: buildPolicy(spec) } as PolicyDraft);
  return problems.map(({ at, code, message }) => `${at.line} ${code}: ${message}`);
}

function people(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `p${index}@x`);
}

function grants(count: number, toOf: (index: number) => GrantSpec['to']): GrantSpec[] {
  return Array.from({ length: count }, (_, index) => ({ to: toOf(index), resource: 'account', line: 100 + index }));
}

describe('a policy is small enough', () => {
  it('where many grants go to one large group', () => {
    expect(found({ groups: { all: people(5_000) }, grants: grants(5_000, () => 'group:all') })).toEqual([]);
  });

  it('where everybody of a group has the same `ends`', () => {
    const ends = Object.fromEntries(people(2_100).map((email) => [email, '2027-01-01']));
    expect(found({ groups: { all: people(2_100) }, ends, grants: grants(500, () => 'group:all') })).toEqual([]);
  });

  it('without grants', () => {
    expect(found({ groups: { all: people(10) }, grants: [] })).toEqual([]);
  });
});

describe('a policy is too large', () => {
  it('where a large group is in many different lists', () => {
    const spec = { groups: { all: people(5_000) }, grants: grants(120, (index) => ['group:all', `x${index}@x`]) };
    expect(found(spec)).toEqual([
      '199 too-many-members: the grants up to this one have more than 500000 members together, with groups expanded; grants to the same list count once',
    ]);
  });

  it('where a large group is in many other groups', () => {
    const outer = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`g${at}`, ['group:all', 'z@x']]));
    const spec = { groups: { all: people(5_000), ...outer }, grants: grants(120, (index) => `group:g${index}`) };
    expect(found(spec)).toHaveLength(1);
  });

  it('where many have many grants, each with an `ends` of their own', () => {
    const ends = Object.fromEntries(
      people(2_100).map((email, index) => [email, new Date(index * 86_400_000).toISOString().slice(0, 10)]),
    );
    const spec = { groups: { all: people(2_100) }, ends, grants: grants(500, () => 'group:all') };
    expect(found(spec)).toEqual([
      '599 too-many-members: people and tokens have 1050000 grants together, and at most 1000000 are allowed; those with the same groups and `ends` count once',
    ]);
  });

  it('where many have many grants, each with a grant of their own', () => {
    const own = grants(2_000, (index) => `p${index}@x`);
    const shared = grants(500, () => ['group:all', 'token:ci']);
    expect(found({ groups: { all: people(2_000) }, grants: [...shared, ...own] })).toHaveLength(1);
  });
});
