import { describe, expect, test } from 'vitest';
import { principalNameText } from '../../../src/core/domain/account/principal.ts';
import {
  type Entitlement,
  endedByFor,
  type GrantMember,
  untilFor,
} from '../../../src/core/domain/policy/entitlement.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { buildPolicy, type PolicySpec } from '../../support/policy-builder.ts';

function entitlements(spec: PolicySpec): readonly Entitlement[] {
  return resolvePolicy(buildPolicy(spec)).entitlements;
}

/** When a grant ends for its first member, and the line of the `ends` that ends it. */
function endOf(entitlement: Entitlement | undefined): unknown {
  const [member] = entitlement?.holders ?? [];
  if (!entitlement || !member) return undefined;
  return { until: untilFor(entitlement, member)?.text ?? null, by: endedByFor(entitlement, member)?.line ?? null };
}

function holder(spec: PolicySpec): GrantMember | undefined {
  return entitlements(spec)[0]?.holders[0];
}

describe('a grant becomes an entitlement', () => {
  test('with its line, reason and beginning', () => {
    const [entitlement] = entitlements({
      grants: [{ to: 'a@x', resource: 'account', reason: 'OPS-1', from: '2026-11-01', line: 60 }],
    });
    expect(entitlement).toMatchObject({ grant: { line: 60 }, reason: 'OPS-1', from: { text: '2026-11-01' } });
  });

  test('with its resources and exceptions as written, of no role', () => {
    const [entitlement] = entitlements({
      grants: [{ to: 'a@x', resource: ['project:A*', 'billing'], level: 'admin', except: ['project:Ab'] }],
    });
    expect(entitlement?.resources.map(({ resource, level, role }) => [resource.text, level, role])).toEqual([
      ['project:A*', 'admin', null],
      ['billing', 'admin', null],
    ]);
    expect(entitlement?.except.map(({ text }) => text)).toEqual(['project:Ab']);
  });

  test('with what its role gives, by the name and line of the role', () => {
    const roles = {
      other: [],
      tester: [
        ['project:A', 'viewer'],
        ['inbox:A/B', 'admin'],
      ],
    } as const;
    const [entitlement] = entitlements({ roles, grants: [{ to: 'a@x', role: 'tester' }] });
    expect(
      entitlement?.resources.map(({ resource, level, role }) => [resource.text, level, role?.name, role?.at.line]),
    ).toEqual([
      ['project:A', 'viewer', 'tester', 42],
      ['inbox:A/B', 'admin', 'tester', 42],
    ]);
  });

  test('with nothing where its role is not declared', () => {
    expect(entitlements({ grants: [{ to: 'a@x', role: 'gone' }] })[0]?.resources).toEqual([]);
  });

  test('each of them, in the order of the text', () => {
    const grants = [
      { to: 'a@x', resource: 'billing' },
      { to: 'b@x', resource: 'account' },
    ];
    expect(entitlements({ grants }).map(({ grant }) => grant.line)).toEqual([51, 52]);
  });
});

describe('a holder', () => {
  test('has the shortest way, and how many others there are', () => {
    const groups = { qa: ['a@x'], all: ['group:qa'] };
    expect(holder({ groups, grants: [{ to: ['group:all', 'group:qa'], resource: 'account' }] })).toMatchObject({
      name: { email: 'a@x' },
      groups: [{ name: 'qa', at: { line: 11 } }],
      otherPaths: 1,
    });
  });

  test('has no other way where there is one', () => {
    expect(holder({ grants: [{ to: 'a@x', resource: 'account' }] })).toMatchObject({ groups: [], otherPaths: 0 });
  });

  test.each([
    ['without `until` and `ends`, never', undefined, undefined, null, false],
    ['by the `until` of the grant', '2026-12-01', undefined, '2026-12-01', false],
    ['by the `ends` of the person', undefined, '2026-12-01', '2026-12-01', true],
    ['by the `ends` where that is earlier', '2026-12-02', '2026-12-01', '2026-12-01', true],
    ['by the `until` where that is earlier', '2026-12-01', '2026-12-02', '2026-12-01', false],
    ['by the `until` where both are the same moment', '2026-12-01', '2026-12-02T00:00:00Z', '2026-12-01', false],
  ] as const)('ends %s', (_, until, ends, text, isByPerson) => {
    const [entitlement] = entitlements({
      ends: { 'other@x': '2026-01-01', ...(ends === undefined ? {} : { 'A@X': ends }) },
      grants: [{ to: 'a@x', resource: 'account', ...(until === undefined ? {} : { until }) }],
    });
    expect(endOf(entitlement)).toEqual({ until: text, by: isByPerson ? 22 : null });
  });

  test('that is a token has no `ends`', () => {
    const [entitlement] = entitlements({
      ends: { ci: '2026-01-01' },
      grants: [{ to: 'token:ci', resource: 'account' }],
    });
    expect(endOf(entitlement)).toEqual({ until: null, by: null });
  });
});

test('the members of the groups that a never rule names are known, however deep', () => {
  const never = [{ who: 'group:all', resource: 'account', level: 'admin' }] as const;
  const groups = { all: ['group:qa', 'token:ci'], qa: ['b@x', 'a@x'], none: [] };
  const { members } = resolvePolicy(buildPolicy({ groups, never }));
  expect([...members].map(([name, who]) => [name, who.map(principalNameText)])).toEqual([
    ['all', ['b@x', 'a@x', 'token:ci']],
  ]);
});

test('the policy stays at hand', () => {
  const policy = buildPolicy({});
  expect(resolvePolicy(policy).policy).toBe(policy);
});
