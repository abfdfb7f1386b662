import { describe, expect, test } from 'vitest';
import { selectNodes } from '../../../src/core/explain/select-nodes.ts';
import { whoHas } from '../../../src/core/explain/who-has.ts';
import { whoToJson } from '../../../src/report/explanation/who-json.ts';
import { renderWho } from '../../../src/report/explanation/who-text.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { schemaErrors } from '../../report/schema-check.ts';
import { busyWorld } from '../../report/worlds.ts';
import { buildRef } from '../../support/policy-builder.ts';
import { type SmallWorld, smallWorld } from '../../support/small-world.ts';

function who(world: SmallWorld, resource: string) {
  const answer = whoHas({ ...world, nodes: selectNodes(buildRef(resource), world.actual.tree) });
  expect(schemaErrors('who', whoToJson(3229, answer))).toEqual([]);
  return answer;
}

describe('who has access', () => {
  test('lists everybody, named or not, owners and tokens too, the highest level first', () => {
    expect(renderWho(who(busyWorld(), 'project:Checkout'), PLAIN)).toMatchInlineSnapshot(`
      "project:Checkout: 6 with access or an entitlement, 4 others have nothing here
        owner@example.com  has owner from account  entitled none
            above, on account: unmanageable, more than entitled [owner]
        Ann@example.com    has admin               entitled viewer
            viewer because group qa → role tester (policy.yaml:51), OPS-123
            viewer because group qa (policy.yaml:57)
            deferred: lower, admin → viewer, waits for project:Moblie [unresolved-name]
        erin@example.com   has admin               entitled admin from account
            viewer because a grant (policy.yaml:57)
            admin on account because a grant (policy.yaml:58), on call
            redundant: its own row gives nothing beyond the policy
            above, on account: planned: create, none → admin
        token:backup       has admin from account  not in the policy
        gina@example.com   has viewer+             not in the policy
        bob@example.com    has viewer              entitled none
            was viewer, ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa → role tester (policy.yaml:51), OPS-123
            was viewer, ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa (policy.yaml:57)
            offboarded by \`ends\` (policy.yaml:21)
            planned: remove, viewer → none
      "
    `);
  });

  test('counts doubt as access where the account may reach', () => {
    expect(renderWho(who(busyWorld(), 'billing'), PLAIN)).toMatchInlineSnapshot(`
      "billing: 4 with access or an entitlement, 6 others have nothing here
        owner@example.com  has none, perhaps owner from account  entitled none
            above, on account: unmanageable, more than entitled [owner]
        erin@example.com   has admin                             entitled none, perhaps admin from account
            perhaps admin on account because a grant (policy.yaml:58), on call
            planned: remove, admin → none
            above, on account: planned: create, none → admin
        gina@example.com   has admin                             not in the policy
        token:backup       has none, perhaps admin from account  not in the policy
      "
    `);
  });

  test('lists the owner of the organization, whose row no tree shows', () => {
    const world = smallWorld(
      {},
      { accesses: [{ access: 1, user: 'owner@example.com', rows: { 'organization:#1208': 'owner' } }] },
    );
    const [answer] = who(world, 'project:Checkout');
    expect(answer?.holders.map(({ principal, actual }) => [principal, actual.level, actual.by?.label])).toEqual([
      [{ kind: 'user', email: 'owner@example.com' }, 1000, 'account'],
    ]);
  });

  test('a role in the organization reaches what a row of the account would, and the highest row counts', () => {
    const world = smallWorld(
      {},
      {
        accesses: [
          { access: 1, user: 'ann@example.com', rows: { 'organization:#1208': 'admin', 'project:#4001': 'viewer' } },
          { access: 2, user: 'bob@example.com', rows: { 'organization:#1208': 'viewer', 'project:#4001': 'admin' } },
          { access: 3, user: 'eve@example.com', rows: { 'organization:#1208': 1 } },
        ],
      },
    );
    const reaches = (resource: string) =>
      who(world, resource)[0]?.holders.map(({ actual: { level, by, perhaps } }) => [level, by?.label, perhaps?.level]);
    expect(reaches('project:Checkout')).toEqual([
      [100, 'organization:#1208', undefined],
      [100, 'project:Checkout', undefined],
    ]);
    expect(reaches('account')).toEqual([
      [100, 'organization:#1208', undefined],
      [10, 'organization:#1208', undefined],
    ]);
    expect(reaches('billing')).toEqual([
      [0, undefined, 100],
      [0, undefined, 10],
    ]);
  });

  test('answers for each resource that fits, and says where none does', () => {
    expect(who(busyWorld(), 'inbox:Checkout/*').map(({ resource }) => resource.label)).toEqual([
      'inbox:Checkout/QA',
      'inbox:Checkout/Staging',
    ]);
    expect(renderWho(who(busyWorld(), 'project:Moblie'), PLAIN)).toMatchInlineSnapshot(`
      "The account shows no such resource.
      "
    `);
  });

  test('tells how the policy stands to those whom it does not name', () => {
    const world = smallWorld(
      {
        protected: ['eve@example.com'],
        grants: [{ to: 'dan@example.com', resource: 'project:Checkout', from: '2027-01-01' }],
      },
      {
        accesses: [
          { access: 1, user: 'dan@example.com', rows: { account: 'viewer' } },
          { access: 2, user: 'eve@example.com', rows: { account: 'viewer' } },
          { access: 3, user: 'zed@example.com', rows: { account: 'viewer' } },
          { access: 4, user: 'idle@example.com', rows: { 'project:#99': 'viewer' } },
        ],
      },
    );
    expect(renderWho(who(world, 'project:Checkout'), PLAIN)).toMatchInlineSnapshot(`
      "project:Checkout: 3 with access or an entitlement, 1 other has nothing here
        dan@example.com  has viewer from account  upcoming
        eve@example.com  has viewer from account  protected or ignored
        zed@example.com  has viewer from account  not in the policy
      "
    `);
  });

  test('lists who should have access and has none', () => {
    const world = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] },
      { accesses: [{ access: 1, user: 'ann@example.com' }] },
    );
    expect(renderWho(who(world, 'inbox:Checkout/QA'), PLAIN)).toMatchInlineSnapshot(`
      "inbox:Checkout/QA: 1 with access or an entitlement, 0 others have nothing here
        ann@example.com  has none  entitled viewer from project:Checkout
            viewer on project:Checkout because a grant (policy.yaml:51)
            above, on project:Checkout: planned: create, none → viewer
      "
    `);
  });

  test('keeps somebody whose access the policy mistakes for a token', () => {
    const world = smallWorld(
      {
        tokens: { ci: { access: 5, token: 9 } },
        grants: [{ to: 'token:ci', resource: 'project:Checkout' }],
      },
      {
        accesses: [{ access: 5, user: 'zed@example.com', rows: { 'project:#4001': 'admin' } }],
        apiTokens: [{ id: 9, name: 'ci', rows: {} }],
      },
    );
    expect(who(world, 'project:Checkout')[0]?.holders.map(({ principal }) => principal.kind)).toEqual([
      'user',
      'token',
    ]);
  });
});
