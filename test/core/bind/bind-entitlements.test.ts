import { describe, expect, test } from 'vitest';
import { entitlementBinder } from '../../../src/core/bind/bind-entitlements.ts';
import { bindScope } from '../../../src/core/bind/bind-scope.ts';
import { bindTeams } from '../../../src/core/bind/bind-teams.ts';
import { indexResources } from '../../../src/core/bind/resource-index.ts';
import { nodeLabel } from '../../../src/core/domain/account/resource-tree.ts';
import type { Entitlement } from '../../../src/core/domain/policy/entitlement.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { type AccountSpec, buildAccount, listed } from '../../support/account-builder.ts';
import { buildPolicy, type GrantSpec, type PolicySpec } from '../../support/policy-builder.ts';
import { smallWorld } from '../../support/small-world.ts';

function bind(grant: Omit<GrantSpec, 'to'>, policy: PolicySpec = {}, account: AccountSpec = {}) {
  const built = buildPolicy({ ...policy, grants: [{ to: 'ann@x', ...grant }] });
  const index = indexResources(buildAccount(account).tree);
  const [entitlement] = resolvePolicy(built).entitlements as readonly [Entitlement];
  const { bound, notices } = entitlementBinder(index, {
    scope: bindScope(built, index).scope,
    reachOf: bindTeams(built.teams, index).reachOf,
  })(entitlement);
  return {
    rows: bound.rows.map(({ node, level, from }) => `${nodeLabel(node)} ${level} by ${from.resource.text}`),
    kept: [...new Set([...bound.kept].flatMap((nodes) => [...nodes]))].map(nodeLabel),
    unresolved: bound.unresolved.map(({ text }) => text),
    unresolvedExcept: bound.unresolvedExcept.map(({ text }) => text),
    notices: notices.flat().map(({ code, message, at }) => `${at?.line} ${code}: ${message}`),
  };
}

describe('a grant is bound', () => {
  test('to every resource that it means today, at its level', () => {
    expect(bind({ resource: ['project:*', 'billing'], level: 'admin' })).toEqual({
      rows: ['project:Checkout admin by project:*', 'project:Mobile admin by project:*', 'billing admin by billing'],
      kept: [],
      unresolved: [],
      unresolvedExcept: [],
      notices: [],
    });
  });

  test('to no row by a pattern or id that matches nothing, with a notice only', () => {
    const bound = bind({ resource: ['project:Z*', 'inbox:#9'] });
    expect(bound).toMatchObject({ rows: [], kept: [], unresolved: [] });
    expect(bound.notices).toEqual([
      '51 matches-nothing: project:Z* matches no resource that the token can see',
      '51 matches-nothing: inbox:#9 matches no resource that the token can see',
    ]);
  });
});

describe('`except` drops what its entry matched', () => {
  test('with what lies below', () => {
    const bound = bind({ resource: ['project:*', 'inbox:*/*', 'domain:*'], except: ['project:Mobile', 'inbox:*/QA'] });
    expect(bound.rows).toEqual([
      'project:Checkout viewer by project:*',
      'inbox:Checkout/Staging viewer by inbox:*/*',
      'domain:example.com viewer by domain:*',
    ]);
    expect(bound.notices).toEqual([]);
  });

  test('names without a star, too', () => {
    expect(bind({ resource: 'project:Mobile', except: ['project:Mob*'] }).rows).toEqual([]);
  });

  test('nothing if an id or pattern matches nothing, with a notice only', () => {
    const bound = bind({ resource: 'project:Mobile', except: ['project:Z*', 'project:#9'] });
    expect(bound).toMatchObject({ rows: ['project:Mobile viewer by project:Mobile'], unresolvedExcept: [] });
    expect(bound.notices).toHaveLength(2);
  });

  test('and what a name in it means, where that is unresolved, is not known: each is remembered', () => {
    const bound = bind({ resource: 'project:*', except: ['project:Mobile', 'project:Gone', 'project:Away'] });
    expect(bound).toMatchObject({
      rows: ['project:Checkout viewer by project:*'],
      unresolvedExcept: ['project:Gone', 'project:Away'],
    });
    expect(bound.notices[0]).toBe(
      '51 unresolved-name: project:Gone matches no resource that the token can see; until it matches exactly one, grantd changes no one whom this grant reaches',
    );
    expect(bound.notices).toHaveLength(2);
  });
});

describe('an unresolved name', () => {
  test('binds nothing, and keeps its type, what lies below and what may lie above', () => {
    const bound = bind({ resource: ['inbox:Mobile/Gone', 'domain:*', 'domain:gone.example'] });
    expect(bound.rows).toEqual(['domain:example.com viewer by domain:*']);
    expect(bound.kept.sort()).toEqual([
      'account',
      'domain:example.com',
      'inbox:Checkout/QA',
      'inbox:Checkout/Staging',
      'inbox:Mobile/Builds',
      'project:Mobile',
    ]);
    expect(bound.unresolved).toEqual(['inbox:Mobile/Gone', 'domain:gone.example']);
    expect(bound.notices[0]).toBe(
      '51 unresolved-name: inbox:Mobile/Gone matches no resource that the token can see; until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any inbox, or on what may be above or below it',
    );
  });
});

describe('an unresolved name that is nearly right', () => {
  const remedyOf = (resource: string) =>
    smallWorld({ grants: [{ to: 'ann@x', resource }] }, { accesses: [{ access: 2, user: 'ann@x' }] }).desired.notices[0]
      ?.remedy;

  test('is suggested as the account spells it', () => {
    expect(remedyOf('inbox:Checkout/Stagin')).toMatch(
      /^did you mean inbox:Checkout\/Staging \(inbox:#5001\)\? otherwise correct the name/,
    );
    expect(remedyOf('project:checkout')).toMatch(/^did you mean project:Checkout \(project:#4001\)\? /);
  });

  test('and only then', () => {
    expect(remedyOf('inbox:Mobile/Gone')).toMatch(/^correct the name/);
    expect(remedyOf('domain:Checkout')).toMatch(/^correct the name/);
  });
});

describe('a pattern skips', () => {
  test('and says what to do where that is not meant', () => {
    const { notices } = smallWorld(
      { ignore: ['project:Mobile'], grants: [{ to: 'ann@x', resource: 'project:*' }] },
      { accesses: [{ access: 2, user: 'ann@x' }] },
    ).desired;
    expect(notices).toMatchObject([
      { code: 'pattern-skips', remedy: 'nothing to do if that is intended; otherwise change `ignore` or `manage`' },
    ]);
  });

  test('what is ignored, and says so', () => {
    const bound = bind({ resource: 'project:*' }, { ignore: ['project:Mobile'] });
    expect(bound.rows).toEqual(['project:Checkout viewer by project:*']);
    expect(bound.notices).toEqual(['51 pattern-skips: project:* skips 1 ignored or unmanaged: project:Mobile']);
  });

  test('what is not managed, and says so', () => {
    const bound = bind({ resource: 'inbox:*/*' }, { manage: ['project:Mobile'] });
    expect(bound.rows).toEqual(['inbox:Mobile/Builds viewer by inbox:*/*']);
    expect(bound.notices[0]).toContain('skips 2 ignored or unmanaged: inbox:Checkout/QA, inbox:Checkout/Staging');
  });

  test('nothing that `except` dropped already', () => {
    expect(bind({ resource: 'project:*', except: ['project:Mobile'] }, { ignore: ['project:Mobile'] }).notices).toEqual(
      [],
    );
  });

  test('five by name, the others by number', () => {
    const tree = (count: number) => [...new Array(count)].map((_, id) => listed('project', id + 1, `P${9 - id}`));
    const notice = (count: number) =>
      bind({ resource: 'project:*' }, { ignore: ['project:*'] }, { tree: tree(count) }).notices[0];
    expect(notice(5)).toMatch(/skips 5 .*: project:P5, project:P6, project:P7, project:P8, project:P9$/);
    expect(notice(6)).toMatch(/skips 6 .*: project:P4, project:P5, project:P6, project:P7, project:P8, …$/);
  });
});

test.each(['project:Mobile', 'project:#4002', 'account', 'billing'])(
  'what is named without a star is not skipped: %s',
  (resource) => {
    const bound = bind({ resource }, { ignore: ['account'] });
    expect(bound.rows).toHaveLength(1);
    expect(bound.notices).toEqual([]);
  },
);
