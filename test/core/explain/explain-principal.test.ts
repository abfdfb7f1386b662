import { describe, expect, test } from 'vitest';
import { nameOf, type PrincipalName } from '../../../src/core/domain/account/principal.ts';
import type { Explanation, RowDisposition } from '../../../src/core/domain/answer/explanation.ts';
import { explainOffline, explainPrincipal } from '../../../src/core/explain/explain-principal.ts';
import { explanationToJson } from '../../../src/report/explanation/json.ts';
import { renderExplanation } from '../../../src/report/explanation/text.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { schemaErrors } from '../../report/schema-check.ts';
import { busyWorld, hostileWorld } from '../../report/worlds.ts';
import { buildRef } from '../../support/policy-builder.ts';
import { NOW, type SmallWorld, smallWorld } from '../../support/small-world.ts';

function explain(world: SmallWorld, name: PrincipalName, resource: string | null = null): Explanation {
  const explanation = explainPrincipal({ ...world, name, resource: resource === null ? null : buildRef(resource) });
  expect(schemaErrors('explain', explanationToJson(explanation))).toEqual([]);
  return explanation;
}

const dispositionKind = ({ kind }: RowDisposition) => kind;
const text = (explanation: Explanation) => renderExplanation(explanation, PLAIN);

describe('why somebody holds what they hold', () => {
  test('tells every resource of a person, entitled beside actual, and what the plan says', () => {
    expect(text(explain(busyWorld(), { email: 'ann@example.com' }))).toMatchInlineSnapshot(`
      "ann@example.com, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: group qa → role tester (policy.yaml:51), OPS-123
          viewer on project:Checkout
          admin on inbox:Checkout/Staging
        in force: group leads → group qa (policy.yaml:53)
          viewer on project:Moblie
        in force: group qa (policy.yaml:57)
          viewer on project:Checkout

      Access of Ann@example.com (access 2)
        = inbox:Checkout/Staging  entitled admin   actual admin from project:Checkout
            admin because group qa → role tester (policy.yaml:51), OPS-123
            viewer on project:Checkout because group qa (policy.yaml:57)
            planned: create, none → admin
            above, on project:Checkout: deferred: lower, admin → viewer, waits for project:Moblie [unresolved-name]
        ≠ project:Checkout        entitled viewer  actual admin
            viewer because group qa → role tester (policy.yaml:51), OPS-123
            viewer because group qa (policy.yaml:57)
            deferred: lower, admin → viewer, waits for project:Moblie [unresolved-name]
              a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there
              help: correct the name, or use the id
      "
    `);
    expect(text(explain(busyWorld(), { email: 'bob@example.com' }))).toMatchInlineSnapshot(`
      "bob@example.com, account 3229, at 2026-11-24T04:00:00Z: named by the policy
        ends 2026-11-01 (policy.yaml:21)

      Grants, as written
        ended: group qa → role tester (policy.yaml:51), OPS-123, until 2026-11-01, by \`ends\` (policy.yaml:21)
          viewer on project:Checkout
          admin on inbox:Checkout/Staging
        ended: group leads → group qa (policy.yaml:53), until 2026-11-01, by \`ends\` (policy.yaml:21)
          viewer on project:Moblie
        ended: group qa (policy.yaml:57), until 2026-11-01, by \`ends\` (policy.yaml:21)
          viewer on project:Checkout

      Access of bob@example.com (access 3)
        ≠ inbox:Checkout/Staging  entitled none  actual viewer from project:Checkout
            was admin, ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa → role tester (policy.yaml:51), OPS-123
            was viewer on project:Checkout, ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa (policy.yaml:57)
            offboarded by \`ends\` (policy.yaml:21)
            above, on project:Checkout: planned: remove, viewer → none
        ≠ project:Checkout        entitled none  actual viewer
            was viewer, ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa → role tester (policy.yaml:51), OPS-123
            was viewer, ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa (policy.yaml:57)
            offboarded by \`ends\` (policy.yaml:21)
            planned: remove, viewer → none
        ≠ project:Mobile          entitled none  actual viewer
            offboarded by \`ends\` (policy.yaml:21)
            planned: remove, viewer → none
      "
    `);
  });

  test('tells one resource, with the rows above that reach it', () => {
    expect(text(explain(busyWorld(), { email: 'ann@example.com' }, 'inbox:Checkout/*'))).toMatchInlineSnapshot(`
      "ann@example.com on inbox:Checkout/*, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: group qa → role tester (policy.yaml:51), OPS-123
          viewer on project:Checkout
          perhaps admin on inbox:Checkout/Staging
        in force: group qa (policy.yaml:57)
          viewer on project:Checkout

      Access of Ann@example.com (access 2)
        ≠ inbox:Checkout/QA       entitled viewer from project:Checkout  actual admin from project:Checkout
            viewer on project:Checkout because group qa → role tester (policy.yaml:51), OPS-123
            viewer on project:Checkout because group qa (policy.yaml:57)
            above, on project:Checkout: deferred: lower, admin → viewer, waits for project:Moblie [unresolved-name]
        = inbox:Checkout/Staging  entitled admin                         actual admin from project:Checkout
            admin because group qa → role tester (policy.yaml:51), OPS-123
            viewer on project:Checkout because group qa (policy.yaml:57)
            planned: create, none → admin
            above, on project:Checkout: deferred: lower, admin → viewer, waits for project:Moblie [unresolved-name]
      "
    `);
  });

  test('says what is held, with the digest', () => {
    const held = busyWorld({ limits: { newAdmins: 0 } });
    expect(text(explain(held, { email: 'erin@example.com' }, 'account'))).toMatchInlineSnapshot(`
      "erin@example.com on account, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: a grant (policy.yaml:58), on call
          admin on account

      Access of erin@example.com (access 8)
        ≠ account  entitled admin  actual none
            admin because a grant (policy.yaml:58), on call
            held by admin-limit: create, none → admin
              sha256:52916b264b359897cb469611c34092faa0e75b6c0c9b931a099ebefdf97f9ebe
      "
    `);
  });

  test('does not claim that an account row reaches billing', () => {
    expect(text(explain(busyWorld(), { email: 'erin@example.com' }, 'billing'))).toMatchInlineSnapshot(`
      "erin@example.com on billing, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: a grant (policy.yaml:58), on call
          perhaps admin on account

      Access of erin@example.com (access 8)
        ≠ billing  entitled none, perhaps admin from account  actual admin
            perhaps admin on account because a grant (policy.yaml:58), on call
            planned: remove, admin → none
            above, on account: planned: create, none → admin
      "
    `);
  });

  test('finds a token by the id that the policy declares', () => {
    expect(text(explain(busyWorld(), { token: 'ci' }))).toMatchInlineSnapshot(`
      "token:ci, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: a grant (policy.yaml:52), until 2026-12-31
          admin on project:Mob*
          admin on domain:example.com

      Access of token:ci (access 5142)
        ≠ domain:example.com  entitled admin  actual none
            admin because a grant (policy.yaml:52), until 2026-12-31
            planned: create, none → admin
        ≠ project:Mobile      entitled admin  actual none
            admin because project:Mob* (policy.yaml:52), until 2026-12-31
            planned: create, none → admin
      "
    `);
    expect(text(explain(busyWorld(), { token: 'backup' }))).toMatchInlineSnapshot(`
      "token:backup, account 3229, at 2026-11-24T04:00:00Z: not in the policy

      No grant reaches this name.

      Access of token:backup (no known access id)
        ≠ account  entitled none  actual admin
            left alone: no grant names them now
      "
    `);
    const later = smallWorld(
      {
        tokens: { ci: { access: 5, token: 9 } },
        grants: [{ to: 'token:ci', resource: 'project:Checkout', from: '2027-01-01' }],
      },
      {
        accesses: [
          { access: 5, token: { id: 9, name: 'other name' }, rows: { 'project:#4002': 'viewer' } },
          { access: 6, token: { id: 10, name: 'ci' } },
          { access: 7, user: 'ci' },
        ],
      },
    );
    expect(explain(later, { token: 'ci' })).toMatchObject({ status: 'upcoming', accesses: [{ access: 5 }] });
  });

  test('says why nothing of an owner is written', () => {
    expect(text(explain(busyWorld(), { email: 'owner@example.com' }))).toMatchInlineSnapshot(`
      "owner@example.com, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: a grant (policy.yaml:54)
          viewer on project:Mobile

      Access of owner@example.com (access 1)
        grantd never changes it: owners cannot be changed through the API
        ≠ account         entitled none    actual owner
            unmanageable, more than entitled [owner]
              owners cannot be changed through the API
              help: change the owner in Mailtrap, or remove them from the grant
        ≠ project:Mobile  entitled viewer  actual owner from account
            viewer because a grant (policy.yaml:54)
            above, on account: unmanageable, more than entitled [owner]
      "
    `);
  });

  test('tells an unlisted principal, an upcoming and an absent person apart', () => {
    expect(text(explain(busyWorld(), { email: 'zed@example.com' }))).toMatchInlineSnapshot(`
      "zed@example.com, account 3229, at 2026-11-24T04:00:00Z: not in the policy

      No grant reaches this name.

      Access of zed@example.com (access 5)
        ≠ inbox:Mobile/Builds  entitled none  actual admin from project:Mobile
            left alone: no grant names them now
        ≠ project:Mobile       entitled none  actual admin
            left alone: no grant names them now
      "
    `);
    expect(text(explain(busyWorld(), { email: 'dan@example.com' }))).toMatchInlineSnapshot(`
      "dan@example.com, account 3229, at 2026-11-24T04:00:00Z: upcoming: named only by grants that have not begun, and unlisted until then

      Grants, as written
        upcoming: a grant (policy.yaml:56), from 2026-12-01
          viewer on project:Mobile

      No user, invite or token of the account has this name.
      "
    `);
    expect(
      text(explain(busyWorld(), { email: 'idle@example.com' }))
        .split('\n')
        .slice(-3),
    ).toMatchInlineSnapshot(`
      [
        "Access of idle@example.com (invited) (access 6)",
        "  has no access, and the policy grants none",
        "",
      ]
    `);
    expect(text(explain(busyWorld(), { email: 'nobody@example.com' }))).toMatchInlineSnapshot(`
      "nobody@example.com, account 3229, at 2026-11-24T04:00:00Z: not in the policy

      No grant reaches this name.

      No user, invite or token of the account has this name.
      "
    `);
    expect(text(explain(busyWorld(), { email: 'zed@example.com' }, 'project:Mobile'))).toMatchInlineSnapshot(`
      "zed@example.com on project:Mobile, account 3229, at 2026-11-24T04:00:00Z: not in the policy

      No grant reaches this name there.

      Access of zed@example.com (access 5)
        ≠ project:Mobile  entitled none  actual admin
            left alone: no grant names them now
      "
    `);
  });

  test('says why an unlisted principal loses what they hold, where the policy takes it', () => {
    const eve = { access: 9, user: 'eve@example.com', rows: { 'project:#4001': 'admin' } } as const;
    const policy = { unlisted: 'revoke', grants: [{ to: 'ann@example.com', resource: 'account' }] } as const;
    const world = smallWorld(policy, { accesses: [eve] });
    expect(text(explain(world, { email: 'eve@example.com' }))).toMatchInlineSnapshot(`
      "eve@example.com, account 3229, at 2026-11-24T04:00:00Z: not in the policy

      No grant reaches this name.

      Access of eve@example.com (access 9)
        ≠ project:Checkout  entitled none  actual admin
            planned: remove, admin → none
              no grant that has begun names them, and \`unlisted\` revokes their access (policy.yaml:9)
      "
    `);
  });

  test('says that the account shows no such resource', () => {
    const answer = explain(busyWorld(), { email: 'ann@example.com' }, 'project:Moblie');
    expect(answer.isFound).toBe(false);
    expect(text(answer).split('\n').at(-2)).toBe('The account shows no resource project:Moblie.');
  });

  test('says what observes a person, unless the policy ignores them', () => {
    const answer = explain(busyWorld({ observe: ['ann@*'] }), { email: 'ann@example.com' });
    expect(text(answer).split('\n')[1]).toBe('  observed: planned, never written (policy.yaml:10)');
    expect(text(answer)).toMatch(/observed, never written: \w+, /);
    const ignored = busyWorld({ observe: ['ann@*'], ignore: ['ann@*'] });
    expect(explain(ignored, { email: 'ann@example.com' }).observedBy).toBeNull();
  });

  test('says what protects, ignores and ends a person', () => {
    const world = busyWorld({ protected: ['ann@example.com'], ignore: ['ann@*', 'zed@*'] });
    const answer = explain(world, { email: 'ann@example.com' });
    expect(text(answer).split('\n').slice(0, 3)).toMatchInlineSnapshot(`
      [
        "ann@example.com, account 3229, at 2026-11-24T04:00:00Z: named by the policy",
        "  protected: never lowered or removed",
        "  ignored: never touched (policy.yaml:8)",
      ]
    `);
    expect(answer.accesses?.[0]?.excluded).toBe('ignored-person');
    expect(explain(world, { token: 'ci' }).ignoredBy).toBeNull();
    expect(explain(busyWorld(), { email: 'ann@example.com' }).ignoredBy).toBeNull();
  });

  test('lists rows on what the tree does not show', () => {
    const world = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] },
      {
        accesses: [{ access: 2, user: 'ann@example.com', rows: { 'project:#9': 'admin', 'organization:#1': 70 } }],
      },
    );
    expect(text(explain(world, { email: 'ann@example.com' }))).toMatchInlineSnapshot(`
      "ann@example.com, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: a grant (policy.yaml:51)
          viewer on project:Checkout

      Access of ann@example.com (access 2)
        ≠ account           entitled none    actual level 70 from organization:#1
            left alone: this is a role in the organization, which only Mailtrap changes
        ≠ project:Checkout  entitled viewer  actual level 70 from organization:#1
            viewer because a grant (policy.yaml:51)
            planned: create, none → viewer
        ≠ project:#9        entitled none    actual admin
            unmanageable, more than entitled [not-shown]
              grantd's token does not see this resource
              help: make the token admin of it; nothing, if the resource is gone
        ≠ organization:#1   entitled none    actual level 70
            unmanageable, more than entitled [type]
              grantd cannot write rows on this type of resource
              help: change it in Mailtrap
      "
    `);
    expect(explain(world, { email: 'ann@example.com' }, 'project:Checkout').accesses?.[0]?.resources).toHaveLength(1);
  });

  test('explains a change whose row above gives more anyway', () => {
    const world = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'inbox:Checkout/Staging' }], ignore: ['project:Mobile'] },
      {
        accesses: [
          { access: 2, user: 'ann@example.com', rows: { account: 50, 'inbox:#5001': 'admin', 'inbox:#5003': 'admin' } },
        ],
      },
    );
    expect(text(explain(world, { email: 'ann@example.com' }))).toMatchInlineSnapshot(`
      "ann@example.com, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: a grant (policy.yaml:51)
          viewer on inbox:Checkout/Staging

      Access of ann@example.com (access 2)
        ≠ account                 entitled none    actual viewer+
            planned: remove, viewer+ → none
        ≠ inbox:Checkout/Staging  entitled viewer  actual admin
            viewer because a grant (policy.yaml:51)
            planned: lower, admin → viewer
            above, on account: planned: remove, viewer+ → none
        ≠ inbox:Mobile/Builds     entitled none    actual admin
            above, on account: planned: remove, viewer+ → none
      "
    `);
  });

  test('explains an invite beside the user of the same e-mail, and an e-mail that stands twice', () => {
    const world = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] },
      {
        accesses: [
          { access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'viewer' } },
          { access: 3, invite: 'Ann@example.com' },
        ],
      },
    );
    const answer = explain(world, { email: 'ann@example.com' });
    expect(answer.accesses?.map(({ principal, access }) => [principal.kind, access])).toEqual([
      ['user', 2],
      ['invite', 3],
    ]);
  });

  test('names one row for a grant that gives several: the highest, then the nearest', () => {
    const world = smallWorld(
      {
        roles: {
          all: [
            ['project:Checkout', 'viewer'],
            ['inbox:Checkout/*', 'viewer'],
            ['account', 'admin'],
          ],
        },
        groups: { qa: ['ann@example.com'] },
        grants: [
          { to: ['group:qa', 'ann@example.com'], role: 'all', from: '2026-01-01', until: '2027-01-01' },
          { to: 'ann@example.com', resource: ['project:Checkout', 'inbox:Checkout/Staging'] },
        ],
      },
      { accesses: [{ access: 2, user: 'ann@example.com' }] },
    );
    expect(text(explain(world, { email: 'ann@example.com' }, 'inbox:Checkout/Staging'))).toMatchInlineSnapshot(`
      "ann@example.com on inbox:Checkout/Staging, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: role all (policy.yaml:51), from 2026-01-01, until 2027-01-01, and 1 other way
          viewer on project:Checkout
          viewer on inbox:Checkout/*
          admin on account
        in force: a grant (policy.yaml:52)
          viewer on project:Checkout
          viewer on inbox:Checkout/Staging

      Access of ann@example.com (access 2)
        ≠ inbox:Checkout/Staging  entitled admin from account  actual none
            admin on account because role all (policy.yaml:51), until 2027-01-01, and 1 other way
            viewer because a grant (policy.yaml:52)
            above, on account: planned: create, none → admin
      "
    `);
  });

  test('says that a row is redundant, once', () => {
    const answer = explain(busyWorld(), { email: 'carol@example.com' }, 'inbox:Mobile/Builds');
    expect(text(answer).split('\n').slice(-3)).toMatchInlineSnapshot(`
      [
        "      admin on project:Mobile because project:Mob* (policy.yaml:52), until 2026-12-31",
        "      redundant: its own row gives nothing beyond the policy",
        "",
      ]
    `);
    const world = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'account', level: 'admin' }] },
      {
        accesses: [
          {
            access: 2,
            user: 'ann@example.com',
            rows: { account: 'admin', 'project:#4001': 'admin', 'inbox:#5001': 'viewer' },
          },
        ],
      },
    );
    const [one] = explain(world, { email: 'ann@example.com' }, 'inbox:Checkout/Staging').accesses ?? [];
    expect(one?.resources[0]?.dispositions.map(({ kind, on }) => [kind, on.label])).toEqual([
      ['redundant', 'inbox:Checkout/Staging'],
    ]);
  });

  test('tells no drift where there is no plan', () => {
    const answer = explainPrincipal({ ...busyWorld(), plan: null, name: { email: 'ann@example.com' }, resource: null });
    expect(answer.accesses?.flatMap(({ resources }) => resources.flatMap(({ dispositions }) => dispositions))).toEqual(
      [],
    );
    expect(text(answer)).toContain('differs, and grantd plans nothing for it');
  });

  test('tells the policy alone where there is no account', () => {
    const world = busyWorld();
    const name = { email: 'ann@example.com' };
    const offline = explainOffline(world.resolved, name, null, NOW);
    expect(explainPrincipal({ ...world, actual: null, name, resource: null })).toEqual(offline);
    expect(text(offline)).toMatchInlineSnapshot(`
      "ann@example.com, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: group qa → role tester (policy.yaml:51), OPS-123
          viewer on project:Checkout
          admin on inbox:Checkout/Staging
        in force: group leads → group qa (policy.yaml:53)
          viewer on project:Moblie
        in force: group qa (policy.yaml:57)
          viewer on project:Checkout

      This is what the policy says: no account was read.
      "
    `);
    expect(schemaErrors('explain', explanationToJson(offline))).toEqual([]);
  });

  test('shows no control character of any name', () => {
    const world = hostileWorld();
    for (const { principal } of world.actual.accesses) {
      const shown = text(explain(world, nameOf(principal)));
      expect(shown).not.toContain('\u001b');
      expect(shown).not.toContain('\u202e');
    }
  });
});

describe('the policy alone, on one resource', () => {
  const world = smallWorld(
    {
      grants: [
        { to: 'ann@example.com', resource: 'account' },
        { to: 'ann@example.com', resource: 'project:#4001', level: 'admin' },
        {
          to: 'ann@example.com',
          resource: 'project:Checkout',
          except: ['inbox:Checkout/S*', 'inbox:#7', 'project:Mobile'],
        },
        { to: 'ann@example.com', resource: 'project:Mobile' },
        { to: 'ann@example.com', resource: 'billing', from: '2026-12-01', until: '2026-11-01' },
        { to: 'ann@example.com', resource: 'inbox:Checkout/Staging', from: '2026-12-01' },
      ],
    },
    {},
  );
  const ask = (resource: string) =>
    explainOffline(world.resolved, { email: 'ann@example.com' }, buildRef(resource), NOW);

  test('lists the grants that surely or perhaps cover it, and what they leave out', () => {
    expect(schemaErrors('explain', explanationToJson(ask('inbox:Checkout/Staging')))).toEqual([]);
    expect(text(ask('inbox:Checkout/Staging'))).toMatchInlineSnapshot(`
      "ann@example.com on inbox:Checkout/Staging, account 3229, at 2026-11-24T04:00:00Z: named by the policy

      Grants, as written
        in force: a grant (policy.yaml:51)
          viewer on account
        in force: a grant (policy.yaml:52)
          perhaps admin on project:#4001
        in force: a grant (policy.yaml:53)
          viewer on project:Checkout
          except inbox:Checkout/S*
          perhaps except inbox:#7
        upcoming: a grant (policy.yaml:56), from 2026-12-01
          viewer on inbox:Checkout/Staging

      This is what the policy says: no account was read.
      "
    `);
  });

  test('is only perhaps covered by the account where that is not documented', () => {
    expect(ask('billing').grants.map(({ grant, phase, gives }) => [grant.line, phase, gives[0]?.covers])).toEqual([
      [51, 'running', 'possible'],
      [55, 'never', 'certain'],
    ]);
    expect(ask('campaigns').grants.map(({ gives }) => gives[0]?.covers)).toEqual(['possible']);
  });

  test('says that no grant reaches there', () => {
    const nowhere = explainOffline(world.resolved, { token: 'ci' }, buildRef('billing'), NOW);
    expect(text(nowhere)).toMatchInlineSnapshot(`
      "token:ci on billing, account 3229, at 2026-11-24T04:00:00Z: not in the policy

      No grant reaches this name there.

      This is what the policy says: no account was read.
      "
    `);
  });
});

test('what the plan says of a token is not said of somebody whose access id it was given', () => {
  const world = smallWorld(
    {
      tokens: { ci: { access: 5, token: 9 } },
      grants: [{ to: ['token:ci', 'zed@example.com'], resource: 'project:Checkout' }],
    },
    {
      accesses: [{ access: 5, user: 'zed@example.com', rows: { 'project:#4001': 'viewer' } }],
      apiTokens: [{ id: 9, name: 'ci', rows: {} }],
    },
  );
  const dispositions = (name: PrincipalName) =>
    explain(world, name).accesses?.flatMap(({ resources }) =>
      resources.flatMap((one) => one.dispositions.map(dispositionKind)),
    );
  expect(dispositions({ email: 'zed@example.com' })).toEqual([]);
  expect(dispositions({ token: 'ci' })).toEqual(['unmanageable']);
});

test('a grant that gives something itself and perhaps more from the account is told with both', () => {
  const world = smallWorld(
    {
      roles: {
        payer: [
          ['account', 'admin'],
          ['billing', 'viewer'],
        ],
      },
      grants: [{ to: 'ann@example.com', role: 'payer', from: '2026-11-01' }],
    },
    { accesses: [{ access: 2, user: 'ann@example.com' }] },
  );
  expect(
    text(explain(world, { email: 'ann@example.com' }, 'billing'))
      .split('\n')
      .slice(-6),
  ).toEqual([
    '  ≠ billing  entitled viewer, perhaps admin from account  actual none',
    '      viewer because role payer (policy.yaml:51)',
    '      perhaps admin on account because role payer (policy.yaml:51)',
    '      planned: create, none → viewer',
    '      above, on account: planned: create, none → admin',
    '',
  ]);
});

test('a row of which the plan says two things is told with both', () => {
  const world = smallWorld(
    {
      grants: [{ to: 'ann@example.com', resource: 'inbox:Checkout/QA' }],
      manage: ['inbox:*/*'],
    },
    { accesses: [{ access: 2, user: 'ann@example.com', rows: { account: 'admin', 'inbox:#5003': 'admin' } }] },
  );
  const { accesses } = explain(world, { email: 'ann@example.com' }, 'inbox:Mobile/Builds');
  expect(accesses?.[0]?.resources[0]?.dispositions.map(dispositionKind)).toEqual(['planned', 'unmanageable']);
});
