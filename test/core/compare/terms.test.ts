import { describe, expect, test } from 'vitest';
import { compareTerms } from '../../../src/core/compare/compare-terms.ts';
import type { Approval, Policy, PolicyTest } from '../../../src/core/domain/policy/policy.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { buildPolicy, buildRef, type PolicySpec } from '../../support/policy-builder.ts';
import { compared, termTexts } from './compared.ts';

const AT = { file: 'policy.yaml', line: 1, column: 1, length: 1 };

function terms(old: PolicySpec, next: PolicySpec): readonly string[] {
  return termTexts(compared(old, next));
}

/** Each way there and back. */
describe.each<[string, PolicySpec, PolicySpec, readonly string[], readonly string[]]>([
  [
    'mode',
    { mode: 'observe' },
    { mode: 'authoritative' },
    ['loosens mode observe → authoritative'],
    ['tightens mode authoritative → observe'],
  ],
  [
    'mode',
    { mode: 'additive' },
    { mode: 'observe' },
    ['tightens mode additive → observe'],
    ['loosens mode observe → additive'],
  ],
  ['paused', { paused: true }, { paused: false }, ['loosens paused true → false'], ['tightens paused false → true']],
  ['unlisted', {}, { unlisted: 'revoke' }, ['loosens unlisted keep → revoke'], ['tightens unlisted revoke → keep']],
  [
    'some of the unlisted',
    { unlisted: 'keep' },
    { unlisted: ['*@a.test', 'b@b.test'] },
    ['loosens unlisted keep → revoke *@a.test, b@b.test'],
    ['tightens unlisted revoke *@a.test, b@b.test → keep'],
  ],
  [
    'all of the unlisted',
    { unlisted: ['*@a.test'] },
    { unlisted: 'revoke' },
    ['loosens unlisted revoke *@a.test → revoke'],
    ['tightens unlisted revoke → revoke *@a.test'],
  ],
  [
    'one pattern of the unlisted',
    { unlisted: ['*@a.test'] },
    { unlisted: ['**@A.test', '*@b.test'] },
    ['loosens unlisted + *@b.test'],
    ['tightens unlisted - *@b.test'],
  ],
  [
    'protected',
    { protected: ['a@x.test', 'token:ci'] },
    { protected: ['A@x.test'] },
    ['loosens protected - token:ci'],
    ['tightens protected + token:ci'],
  ],
  [
    'limits',
    {
      limits: {
        revokes: { principals: 5, percent: 20 },
        gains: { principals: 10, percent: 30 },
        admins: 2,
        newAdmins: 1,
      },
    },
    {
      limits: {
        revokes: { principals: 6, percent: 30 },
        gains: { principals: 20, percent: null },
        admins: 1,
        newAdmins: 2,
      },
    },
    [
      'loosens limits revokes.principals 5 → 6',
      'loosens limits revokes.percent 20 → 30',
      'loosens limits gains.principals 10 → 20',
      'loosens limits gains.percent 30 → none',
      'loosens limits admins 2 → 1',
      'loosens limits newAdmins 1 → 2',
    ],
    [
      'tightens limits revokes.principals 6 → 5',
      'tightens limits revokes.percent 30 → 20',
      'tightens limits gains.principals 20 → 10',
      'tightens limits gains.percent none → 30',
      'tightens limits admins 1 → 2',
      'tightens limits newAdmins 2 → 1',
    ],
  ],
  [
    'manage',
    { manage: ['project:*'] },
    { manage: ['project:**', 'domain:A.test'] },
    ['loosens manage + domain:A.test'],
    ['tightens manage - domain:A.test'],
  ],
  [
    'manage',
    { manage: ['project:*', 'billing'] },
    {},
    ['loosens manage project:*, billing → everything'],
    ['tightens manage everything → project:*, billing'],
  ],
  [
    'ignore',
    { ignore: ['*@A.test', 'project:#1'] },
    { ignore: ['**@a.test'] },
    ['loosens ignore - project:#1'],
    ['tightens ignore + project:#1'],
  ],
  [
    'observe',
    { observe: ['*@A.test', 'project:#1'] },
    { observe: ['**@a.test'] },
    ['loosens observe - project:#1'],
    ['tightens observe + project:#1'],
  ],
  [
    'an entry that moves',
    { ignore: ['project:#1'] },
    { observe: ['project:#1'] },
    ['changes observe project:#1: ignore → observe'],
    ['changes ignore project:#1: observe → ignore'],
  ],
  ['what is ignored as well', { ignore: ['a@x.test'] }, { ignore: ['A@x.test'], observe: ['a@x.test'] }, [], []],
  [
    'never',
    { groups: { g: ['a@x.test', 'b@x.test'] }, never: [{ who: 'group:g', resource: 'account', level: 'admin' }] },
    { never: [{ who: 'a@x.test', resource: 'account', level: 'admin' }] },
    ['loosens never - b@x.test admin on account'],
    ['tightens never + b@x.test admin on account'],
  ],
  [
    'never',
    { never: [{ who: 'a@x.test', resource: 'account', level: 'admin' }] },
    { never: [{ who: 'a@x.test', resource: 'account', level: 'viewer' }] },
    ['tightens never + a@x.test viewer on account'],
    ['loosens never - a@x.test viewer on account'],
  ],
  [
    'never',
    {
      never: [
        { who: 'token:*', resource: 'account', level: 'admin' },
        { who: '*@X.test', resource: 'inbox:A/B', level: 'viewer' },
      ],
    },
    {},
    [
      'loosens never - *@x.test admin on inbox:A/B',
      'loosens never - *@x.test viewer on inbox:A/B',
      'loosens never - token:* admin on account',
    ],
    [
      'tightens never + *@x.test admin on inbox:A/B',
      'tightens never + *@x.test viewer on inbox:A/B',
      'tightens never + token:* admin on account',
    ],
  ],
  [
    'tokens',
    { tokens: { ci: { access: 1, token: 2 } } },
    {},
    ['changes tokens - token:ci: access 1, token 2'],
    ['changes tokens + token:ci: access 1, token 2'],
  ],
  ['never', { never: [{ who: 'group:gone', resource: 'account', level: 'admin' }] }, {}, [], []],
  [
    'tokens',
    { tokens: { ci: { access: 1, token: 2 } } },
    { tokens: { ci: { access: 1, token: 3 } } },
    ['loosens tokens token:ci: access 1, token 2 → access 1, token 3'],
    ['loosens tokens token:ci: access 1, token 3 → access 1, token 2'],
  ],
  [
    'ends',
    { ends: { 'a@x.test': '2099-12-31' } },
    {},
    ['loosens ends - a@x.test: 2099-12-31'],
    ['changes ends + a@x.test: 2099-12-31'],
  ],
  [
    'ends',
    { ends: { 'a@x.test': '2099-12-31' } },
    { ends: { 'A@x.test': '2100-01-02T00:00:00Z' } },
    ['changes ends a@x.test: 2099-12-31 → 2100-01-02T00:00:00Z'],
    ['changes ends a@x.test: 2100-01-02T00:00:00Z → 2099-12-31'],
  ],
  ['ends', { ends: { 'a@x.test': '2099-12-31' } }, { ends: { 'a@x.test': '2100-01-01T00:00:00Z' } }, [], []],
])('%s', (_, old, next, there, back) => {
  test('is told there and back', () => {
    expect([terms(old, next), terms(next, old)]).toEqual([there, back]);
  });
});

test('what lets more happen comes first, then the keys in one order', () => {
  const old: PolicySpec = { mode: 'authoritative', protected: ['a@x.test'], limits: { admins: 1 } };
  const next: PolicySpec = { mode: 'additive', protected: ['b@x.test'], limits: { admins: 2 } };
  expect(terms(old, next)).toEqual([
    'loosens protected - a@x.test',
    'tightens mode authoritative → additive',
    'tightens protected + b@x.test',
    'tightens limits admins 1 → 2',
  ]);
});

describe('approvals and tests', () => {
  const told = (old: Partial<Policy>, next: Partial<Policy>) =>
    compareTerms(resolvePolicy({ ...buildPolicy({}), ...old }), resolvePolicy({ ...buildPolicy({}), ...next })).map(
      ({ effect, term, what }) => `${effect} ${term} ${what}`,
    );
  const approval = (day: number, ...digests: readonly string[]): Approval => ({
    digests,
    until: { at: Date.UTC(2026, 11, day), text: `2026-12-${day}` },
    at: AT,
  });

  test('each digest is told, with the latest moment until which it lets its part through', () => {
    const old = { approvals: [approval(20, 'sha256:a'), approval(10, 'sha256:a', 'sha256:b')] };
    const next = { approvals: [approval(20, 'sha256:a'), approval(11, 'sha256:b', 'sha256:c')] };
    expect(told(old, next)).toEqual([
      'loosens approvals + sha256:c: until 2026-12-11',
      'changes approvals sha256:b: 2026-12-10 → 2026-12-11'.replaceAll('2026-12-1', 'until 2026-12-1'),
    ]);
    expect(told(next, { approvals: [] })).toHaveLength(3);
  });

  test('a test that is gone or new is told, its moment included', () => {
    const one = (expected: PolicyTest['expect'], moment: PolicyTest['moment']): PolicyTest => ({
      who: { email: 'a@x.test' },
      resource: buildRef('account'),
      expect: expected,
      moment,
      team: null,
      at: AT,
    });
    const later = { at: Date.UTC(2027, 0, 1), text: '2027-01-01' };
    expect(
      told({ tests: [one('none', null), one('admin', later)] }, { tests: [one('none', later), one('admin', later)] }),
    ).toEqual(['changes tests + a@x.test none on account at 2027-01-01', 'changes tests - a@x.test none on account']);
  });
});
