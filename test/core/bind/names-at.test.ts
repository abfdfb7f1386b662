import { describe, expect, test } from 'vitest';
import { principalNameText } from '../../../src/core/domain/account/principal.ts';
import type { Instant } from '../../../src/core/domain/text/instant.ts';
import type { GrantSpec, PolicySpec } from '../../support/policy-builder.ts';
import { annAlone, NOW, smallWorld } from '../../support/small-world.ts';

const ANN = { access: 2, user: 'ann@x' };
const to = (dates: Partial<GrantSpec> = {}): GrantSpec => ({ to: 'ann@x', resource: 'project:#4001', ...dates });

/** Where Ann stands: in which lists, and which lines run or have ended. */
function standing(policy: PolicySpec, now: Instant = NOW): string {
  const { desired } = smallWorld(policy, { accesses: [ANN] }, now);
  const lines = (
    held: readonly { readonly bound: { readonly entitlement: { readonly grant: { readonly line: number } } } }[],
  ) => held.map(({ bound }) => bound.entitlement.grant.line).join('+');
  const named = desired.subjects.map(
    ({ running, ended, offboarded }) =>
      `runs ${lines(running)} ended ${lines(ended)}${offboarded ? ` offboarded ${offboarded.line}` : ''}`,
  );
  const upcoming = desired.upcoming.map(({ begins, grants }) => `upcoming ${begins} ${grants.map(({ line }) => line)}`);
  return [...named, ...upcoming, ...desired.others.map(() => 'not named')].join(', ');
}

const at = (text: string) => Date.parse(text);

describe('a grant runs', () => {
  test.each<[fact: string, dates: Partial<GrantSpec>, now: string, standing: string]>([
    ['without dates', {}, '2026-01-01', 'runs 51 ended '],
    [
      'not before `from`',
      { from: '2026-11-01' },
      '2026-10-31T23:59:59.999Z',
      `upcoming ${at('2026-11-01')} 51, not named`,
    ],
    ['from the very moment of `from`', { from: '2026-11-01' }, '2026-11-01T00:00:00Z', 'runs 51 ended '],
    ['until just before `until`', { until: '2026-11-01T18:00:00Z' }, '2026-11-01T17:59:59.999Z', 'runs 51 ended '],
    ['not at the moment of `until`', { until: '2026-11-01T18:00:00Z' }, '2026-11-01T18:00:00Z', 'runs  ended 51'],
    ['through the whole day of a bare `until`', { until: '2026-11-01' }, '2026-11-01T23:59:59.999Z', 'runs 51 ended '],
    ['not on the day after', { until: '2026-11-01' }, '2026-11-02T00:00:00Z', 'runs  ended 51'],
    ['between both', { from: '2026-11-01', until: '2026-11-01' }, '2026-11-01T12:00:00Z', 'runs 51 ended '],
    [
      'never, where it would end before it begins',
      { from: '2026-11-03', until: '2026-11-01' },
      '2026-11-02T00:00:00Z',
      'not named',
    ],
    [
      'never, where it would end as it begins',
      { from: '2026-11-02', until: '2026-11-01' },
      '2026-11-02T00:00:00Z',
      'not named',
    ],
  ])('%s', (_, dates, now, expected) => {
    expect(standing({ grants: [to(dates)] }, at(now))).toBe(expected);
  });
});

describe('named is', () => {
  const [past, future] = ['2026-11-01', '2026-12-01'];

  test.each<[fact: string, policy: PolicySpec, standing: string]>([
    ['who stands in a grant that runs', { grants: [to()] }, 'runs 51 ended '],
    ['who stands in a grant that has ended', { grants: [to({ until: past })] }, 'runs  ended 51'],
    ['who stands in both', { grants: [to({ until: past }), to()] }, 'runs 52 ended 51'],
    ['who stands in a grant that runs and one ahead', { grants: [to({ from: future }), to()] }, 'runs 52 ended '],
    ['whose `ends` has come', { ends: { 'Ann@X': past } }, 'runs  ended  offboarded 21'],
    ['whose `ends` ended a grant', { ends: { 'ann@x': past }, grants: [to()] }, 'runs  ended 51 offboarded 21'],
    [
      'whose `ends` has come before a grant would begin',
      { ends: { 'ann@x': past }, grants: [to({ from: future })] },
      'runs  ended  offboarded 21',
    ],
    ['whose grant runs though an `ends` lies ahead', { ends: { 'ann@x': future }, grants: [to()] }, 'runs 51 ended '],
  ])('%s', (_, policy, expected) => {
    expect(standing(policy)).toBe(expected);
  });

  test('from the very moment of an `ends`', () => {
    const policy = { ends: { 'ann@x': '2026-11-01T18:00:00Z' } };
    expect(standing(policy, at('2026-11-01T18:00:00Z'))).toContain('offboarded');
    expect(standing(policy, at('2026-11-01T17:59:59.999Z'))).toBe('upcoming null , not named');
  });
});

describe('upcoming is', () => {
  test('a name that only future grants name is upcoming, from the first beginning', () => {
    const grants = [to({ from: '2027-02-01' }), to({ from: '2027-01-01' })];
    expect(standing({ grants })).toBe(`upcoming ${at('2027-01-01')} 51,52, not named`);
  });

  test('a name that only a future `ends` names', () => {
    expect(standing({ ends: { 'ann@x': '2027-01-01' } })).toBe('upcoming null , not named');
  });

  test('whose only grant would end by `ends` before it begins, until that `ends` comes', () => {
    const policy = { ends: { 'ann@x': '2026-12-01' }, grants: [to({ from: '2027-01-01' })] };
    expect(standing(policy)).toBe('upcoming null , not named');
    expect(standing(policy, at('2026-12-02'))).toBe('runs  ended  offboarded 21');
  });

  test('untouched where `unlisted` keeps', () => {
    const rows = { 'project:#4001': 'admin' } as const;
    const { plan } = smallWorld({ grants: [to({ from: '2027-01-01' })] }, { accesses: [{ ...ANN, rows }] });
    expect(plan).toMatchObject({
      changes: [],
      unlisted: [{ access: 2, revokedAt: null }],
      unmanageable: [],
      redundant: [],
    });
  });
});

test('what lies ahead of a named person changes nothing yet', () => {
  const ahead = { to: 'ann@example.com', resource: 'project:#4001', from: '2027-01-01' };
  expect(annAlone({ policy: { grants: [ahead] } }).changes).toEqual([]);
});

test('names are handled in one order, people and tokens alike', () => {
  const grants = [{ to: ['token:ci', 'b@x', 'a@x', 'zz@x'], resource: 'account' }];
  const people = ['zz@x', 'b@x', 'a@x'].map((user, index) => ({ access: index + 1, user }));
  const { desired } = smallWorld(
    { grants, tokens: { ci: { access: 9, token: 9 } } },
    { accesses: people, apiTokens: [] },
  );
  expect(desired.subjects.map(({ name }) => principalNameText(name))).toEqual(['a@x', 'b@x', 'token:ci', 'zz@x']);
});
