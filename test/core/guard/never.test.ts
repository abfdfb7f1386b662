import { describe, expect, test } from 'vitest';
import type { AccessSpec, AccountSpec, RowsSpec } from '../../support/account-builder.ts';
import type { GrantSpec, PolicySpec } from '../../support/policy-builder.ts';
import { ANN, smallWorld } from '../../support/small-world.ts';

interface Spec {
  readonly who?: string;
  readonly rule?: string;
  readonly level?: 'viewer' | 'admin';
  readonly grants: readonly GrantSpec[];
  readonly held?: RowsSpec;
  readonly access?: Partial<AccessSpec>;
  readonly policy?: PolicySpec;
  readonly account?: AccountSpec;
}

function refusal({
  who = ANN,
  rule = 'account',
  level = 'admin',
  grants,
  held = {},
  access = {},
  policy,
  account,
}: Spec) {
  const never = [{ who, resource: rule, level }];
  const accesses = [{ access: 2, user: ANN, rows: held, ...access }];
  const { plan } = smallWorld({ never, grants, ...policy }, { accesses, ...account });
  return plan.refusals.find((one) => one.rule === 'never');
}

const to = (resource: string | readonly string[], level: 'viewer' | 'admin' = 'admin'): readonly GrantSpec[] => [
  { to: ANN, resource, level },
];

describe('a raise may not give what a rule forbids', () => {
  test('that level', () => {
    expect(refusal({ grants: to('account') })).toEqual({
      rule: 'never',
      message: 'ann@example.com would be admin on account, which policy.yaml:81:3 forbids',
      remedy: 'change the grant or the `never` rule; this rule cannot be approved',
    });
  });

  test('or more', () => {
    expect(refusal({ grants: to('account'), level: 'viewer' })?.message).toContain('would be viewer on account');
  });

  test('a lower one it may', () => {
    expect(refusal({ grants: to('account', 'viewer') })).toBeUndefined();
  });

  test('from a lower one it may not', () => {
    expect(refusal({ grants: to('account'), held: { account: 'viewer' } })).toBeDefined();
  });

  test('on what has another type and the same id it may', () => {
    expect(refusal({ grants: to('billing') })).toBeUndefined();
    expect(refusal({ grants: to('billing'), rule: 'billing' })).toBeDefined();
  });

  test('by a row above', () => {
    expect(refusal({ grants: to('project:#4001'), rule: 'inbox:Checkout/Staging' })?.message).toContain(
      'would be admin on inbox:Checkout/Staging',
    );
  });

  test.each(['billing', 'campaigns'])('by a row on the account, which covers %s here', (rule) => {
    expect(refusal({ grants: to('account'), rule })).toBeDefined();
  });

  test('below the resource of the rule it may', () => {
    expect(refusal({ grants: to('inbox:#5001'), rule: 'project:#4001' })).toBeUndefined();
  });

  test('on any of the resources that a pattern fits', () => {
    expect(refusal({ grants: to('project:#4002'), rule: 'project:*' })?.message).toContain('on project:Mobile');
  });

  test('where a pattern or id fits nothing it may', () => {
    expect(refusal({ grants: to('account'), rule: 'project:Z*' })).toBeUndefined();
    expect(refusal({ grants: to('account'), rule: 'project:#9' })).toBeUndefined();
  });
});

describe('only what a plan makes worse is refused', () => {
  test('not what is broken already and stays', () => {
    const grants = [...to('account'), ...to('billing')];
    expect(refusal({ grants, held: { account: 'admin' } })).toBeUndefined();
  });

  test('not what is broken already by a row above', () => {
    const held = { account: 'admin', 'project:#4001': 'viewer' } as const;
    expect(refusal({ grants: to('project:#4001'), held, rule: 'inbox:#5001' })).toBeUndefined();
  });

  test('not a loss', () => {
    expect(refusal({ grants: to('account', 'viewer'), held: { account: 'admin' } })).toBeUndefined();
  });

  test('a row on what the tree does not show breaks nothing', () => {
    const held = { 'project:#77': 'admin' } as const;
    expect(refusal({ grants: to('project:#4002'), rule: 'project:#4001', held })).toBeUndefined();
  });

  test('a row of level 1 is no access', () => {
    expect(refusal({ grants: to('account', 'viewer'), held: { account: 1 }, level: 'viewer' })).toBeDefined();
  });
});

describe('a rule is about', () => {
  const grants: readonly GrantSpec[] = [{ to: [ANN, 'token:ci'], resource: 'account', level: 'admin' }];
  const policy = {
    tokens: { ci: { access: 500, token: 900 } },
    groups: { all: ['group:some', 'token:ci'], some: [ANN], none: [] },
    grants,
  };
  const account = {
    accesses: [{ access: 2, user: 'Ann@Example.com' }],
    apiTokens: [{ id: 900, name: 'its own name' }],
  };

  test.each([
    [ANN, ['ann@example.com']],
    ['*@example.com', ['ann@example.com']],
    ['ANN@*', ['ann@example.com']],
    ['*', ['ann@example.com']],
    ['token:*', ['token:ci']],
    ['token:ci', ['token:ci']],
    ['token:c*', ['token:ci']],
    ['group:some', ['ann@example.com']],
    ['group:all', ['ann@example.com', 'token:ci']],
    ['group:none', []],
    ['token:CI*', []],
    ['bob@example.com', []],
    ['*@example.org', []],
  ])('%s', (who, names) => {
    const message = refusal({ who, grants, policy, account })?.message ?? '';
    expect([...message.matchAll(/(\S+) would/g)].map(([, name]) => name)).toEqual(names);
  });

  test('a user and an invite of one e-mail, told once', () => {
    const both = {
      accesses: [
        { access: 2, user: ANN },
        { access: 3, invite: ANN },
      ],
    };
    expect(refusal({ grants, account: both })?.message.match(/would/g)).toHaveLength(1);
  });

  test('each rule that is broken is told', () => {
    const never = [
      { who: ANN, resource: 'account', level: 'admin' as const },
      { who: '*@example.com', resource: 'billing', level: 'viewer' as const },
    ];
    expect(refusal({ grants: to('account'), policy: { never } })?.message).toBe(
      'ann@example.com would be admin on account, which policy.yaml:81:3 forbids; ' +
        'ann@example.com would be viewer on billing, which policy.yaml:82:3 forbids',
    );
  });
});

test('a token that wrongly carries somebody’s access hides nothing of what they would gain', () => {
  const policy = { tokens: { zz: { access: 2, token: 900 } } };
  const grants: readonly GrantSpec[] = [...to('account'), { to: 'token:zz', resource: 'project:#4001' }];
  const apiTokens = [{ id: 900, name: 't', rows: { account: 'admin' } }] as const;
  const account = { accesses: [{ access: 2, user: ANN }], apiTokens };
  expect(refusal({ grants, policy, account })).toBeDefined();
});
