import { describe, expect, test } from 'vitest';
import { nodeLabel } from '../../../src/core/domain/account/resource-tree.ts';
import { isManaged } from '../../../src/core/domain/plan/desired-state.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { smallWorld, told } from '../../support/small-world.ts';

const ALL = [
  'account',
  'project:Checkout',
  'inbox:Checkout/Staging',
  'inbox:Checkout/QA',
  'project:Mobile',
  'inbox:Mobile/Builds',
  'domain:example.com',
  'billing',
  'campaigns',
];

function scopeOf(policy: PolicySpec) {
  const { desired, actual } = smallWorld(policy);
  return {
    managed: actual.tree.nodes.filter((node) => isManaged(desired.scope, node)).map(nodeLabel),
    frozen: [...desired.scope.frozen].map(([node, { at }]) => `${nodeLabel(node)} ${at.line}`),
    notices: desired.notices,
  };
}

describe('a policy speaks about', () => {
  test('everything, where it does not say', () => {
    expect(scopeOf({}).managed).toEqual(ALL);
  });

  test('what `manage` names, with what lies below', () => {
    expect(scopeOf({ manage: ['project:Mobile', 'billing'] }).managed).toEqual([
      'project:Mobile',
      'inbox:Mobile/Builds',
      'billing',
    ]);
    expect(scopeOf({ manage: ['account'] }).managed).toEqual(ALL);
  });

  test('nothing, where `manage` is empty', () => {
    expect(scopeOf({ manage: [] }).managed).toEqual([]);
  });

  test('nothing that `ignore` names, with what lies below', () => {
    expect(scopeOf({ ignore: ['project:*', 'campaigns'] }).managed).toEqual([
      'account',
      'domain:example.com',
      'billing',
    ]);
    expect(scopeOf({ ignore: ['account'] }).managed).toEqual([]);
  });

  test('nothing that `ignore` names though `manage` does too', () => {
    expect(scopeOf({ manage: ['project:*'], ignore: ['project:Mobile', 'inbox:*/QA'] }).managed).toEqual([
      'project:Checkout',
      'inbox:Checkout/Staging',
    ]);
  });
});

describe('a name in them that is unresolved', () => {
  const MOBILE_AND_CHECKOUT = [
    'project:Checkout',
    'inbox:Checkout/Staging',
    'inbox:Checkout/QA',
    'project:Mobile',
    'inbox:Mobile/Builds',
  ];

  test.each([
    ['ignore', { ignore: ['project:Gone'] }, 8],
    ['manage', { manage: ['project:Gone'] }, 7],
  ] as const)('freezes its type and below: %s', (key, policy, line) => {
    const { frozen, notices } = scopeOf(policy);
    expect(frozen).toEqual(MOBILE_AND_CHECKOUT.map((label) => `${label} ${line}`));
    expect(told(notices, 'unresolved-name')).toEqual([
      `project:Gone matches no resource that the token can see; until it is resolved, grantd writes nothing on any project and below, because \`${key}\` contains it`,
    ]);
  });

  test('freezes with the first line, where several are', () => {
    expect(scopeOf({ ignore: ['inbox:Gone/X'], manage: ['project:Gone'] }).frozen).toContain('inbox:Mobile/Builds 8');
  });

  test('leaves the other names as they are', () => {
    expect(scopeOf({ ignore: ['project:Gone', 'project:Mobile', 'project:Away'] }).managed).not.toContain(
      'project:Mobile',
    );
  });
});

test('a pattern or id in them that matches nothing gives a notice, and freezes nothing', () => {
  const { frozen, notices, managed } = scopeOf({ ignore: ['project:Z*', 'domain:#1'] });
  expect(frozen).toEqual([]);
  expect(managed).toEqual(ALL);
  expect(told(notices, 'matches-nothing')).toHaveLength(2);
});
