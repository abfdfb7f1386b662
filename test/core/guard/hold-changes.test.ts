import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import { type AccountSpec, OWN_TOKEN } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { changeOf, deferredText, smallWorld } from '../../support/small-world.ts';

const changes = (plan: Plan) => plan.changes.map(changeOf);
const held = (plan: Plan) => plan.held.map((part) => [part.rules.join(), ...part.changes.map(changeOf)]);
const plan = (policy: PolicySpec, account: AccountSpec) => smallWorld(policy, account).plan;

const FOUR: AccountSpec = {
  accesses: [
    { access: 1, user: 'a@x', rows: { 'project:#4001': 'admin' } },
    { access: 2, user: 'b@x', rows: { 'project:#4001': 'admin' } },
    { access: 3, user: 'c@x' },
    { access: 4, user: 'd@x' },
  ],
};

describe('a limit that is exceeded', () => {
  test('holds every change that it counts, and nothing else', () => {
    const policy: PolicySpec = {
      limits: { revokes: { principals: 1, percent: 100 }, newAdmins: 1 },
      grants: [
        { to: ['a@x', 'b@x'], resource: 'project:Checkout' },
        { to: ['c@x', 'd@x'], resource: 'project:Mobile' },
      ],
    };
    expect(held(plan(policy, FOUR))).toEqual([
      ['revoke-limit', 'a@x lower project:#4001 100>10'],
      ['revoke-limit', 'b@x lower project:#4001 100>10'],
    ]);
    expect(changes(plan(policy, FOUR))).toEqual(['c@x create project:#4002 0>10', 'd@x create project:#4002 0>10']);
  });

  test('holds new account admins, and lets losses go on', () => {
    const policy: PolicySpec = {
      limits: { newAdmins: 1 },
      grants: [
        { to: 'a@x', resource: 'project:Checkout' },
        { to: ['c@x', 'd@x'], resource: 'account', level: 'admin' },
        { to: 'b@x', resource: 'project:Checkout', level: 'admin' },
      ],
    };
    expect(held(plan(policy, FOUR)).map(([rule]) => rule)).toEqual(['admin-limit', 'admin-limit']);
    expect(changes(plan(policy, FOUR))).toEqual(['a@x lower project:#4001 100>10']);
  });
});

describe('while a raise is held', () => {
  test('nothing is taken that may stand in for it, and that counts towards no limit', () => {
    const policy: PolicySpec = {
      limits: { revokes: { principals: 1, percent: 100 } },
      never: [{ who: 'a@x', resource: 'project:Mobile', level: 'admin' }],
      grants: [
        { to: 'a@x', resource: 'project:Mobile', level: 'admin' },
        { to: 'b@x', resource: 'project:Checkout' },
      ],
    };
    const account: AccountSpec = {
      accesses: [
        { access: 1, user: 'a@x', rows: { account: 'viewer' } },
        { access: 2, user: 'b@x', rows: { 'project:#4001': 'admin' } },
      ],
    };
    const found = plan(policy, account);
    expect(held(found)).toEqual([['never', 'a@x create project:#4002 0>100']]);
    expect(found.deferred.map(deferredText)).toEqual(['remove account:#3229 10>0: relies-on-missing project:Mobile']);
    expect(changes(found)).toEqual(['b@x lower project:#4001 100>10']);
  });

  test('an unproven token waits as a whole', () => {
    const policy: PolicySpec = {
      tokens: { ci: { access: 500, token: 55 } },
      never: [{ who: 'token:*', resource: 'project:Mobile', level: 'admin' }],
      grants: [{ to: 'token:ci', resource: 'project:Mobile', level: 'admin' }],
    };
    const account: AccountSpec = {
      accesses: [{ access: 2, user: 'ann@example.com' }],
      apiTokens: [OWN_TOKEN, { id: 55, name: 'ci', rows: { 'billing:#3229': 'viewer' } }],
    };
    const found = plan(policy, account);
    expect(found.changes).toEqual([]);
    expect(held(found)).toEqual([['never', 'token:ci create project:#4002 0>100']]);
    expect(found.deferred.map(deferredText)).toEqual([
      'remove billing:#3229 10>0: pair-unproven a raise of this token',
    ]);
  });

  test('an admin who is not made cannot stand in for one who goes', () => {
    const policy: PolicySpec = {
      limits: { admins: 1, newAdmins: 0 },
      grants: [
        { to: 'a@x', resource: 'project:Mobile' },
        { to: 'c@x', resource: 'account', level: 'admin' },
      ],
    };
    const account: AccountSpec = {
      accesses: [
        { access: 1, user: 'a@x', rows: { account: 'admin' } },
        { access: 3, user: 'c@x' },
      ],
    };
    const found = plan(policy, account);
    expect(found.refusals.map(({ rule }) => rule)).toEqual(['last-admins', 'admin-limit']);
    expect(held(found)).toEqual([
      ['last-admins', 'a@x remove account:#3229 100>0'],
      ['admin-limit', 'c@x create account:#3229 0>100'],
    ]);
    expect(changes(found)).toEqual(['a@x create project:#4002 0>10']);
  });
});

test('`never` holds just the raises that break it', () => {
  const policy: PolicySpec = {
    never: [{ who: 'a@x', resource: 'inbox:Checkout/Staging', level: 'admin' }],
    grants: [
      { to: 'a@x', resource: ['project:Mobile', 'inbox:Checkout/Staging'], level: 'admin' },
      { to: 'a@x', resource: 'domain:example.com' },
    ],
  };
  const found = plan(policy, { accesses: [{ access: 1, user: 'a@x' }] });
  expect(held(found)).toEqual([['never', 'a@x create inbox:#5001 0>100']]);
  expect(changes(found)).toEqual(['a@x create domain:#7001 0>10', 'a@x create project:#4002 0>100']);
});
