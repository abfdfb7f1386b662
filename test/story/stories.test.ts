import { describe, expect, it } from 'vitest';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { PLAIN } from '../../src/report/layout/paint.ts';
import { renderPlanText } from '../../src/report/plan/text.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { type AccountSpec, buildAccount, listed, OWN_TOKEN, SMALL_TREE } from '../support/account-builder.ts';
import { buildPolicy, type PolicySpec } from '../support/policy-builder.ts';

const NOW = Date.UTC(2026, 10, 24, 12);

/** What grantd would tell, for a policy and an account in few words. */
function tell(policy: PolicySpec, account: AccountSpec, now = NOW): string {
  const { plan } = makePlan(resolvePolicy(buildPolicy(policy)), buildAccount(account), now, NO_RESTRAINTS);
  return renderPlanText(plan, PLAIN, { isWhole: true });
}

const owner = { access: 1, user: 'owner@example.com', rows: { account: 'owner' } } as const;

describe('stories', () => {
  it('the owner is left alone', () => {
    const policy = { grants: [{ to: 'owner@example.com', resource: 'project:Checkout' }] };
    expect(tell(policy, { accesses: [owner, { access: 2, user: 'ann@example.com' }] })).toMatchInlineSnapshot(`
      "Unmanageable: the policy asks for a different level, and grantd cannot write it (1 row)
        owners cannot be changed through the API [owner]
          help: change the owner in Mailtrap, or remove them from the grant
          owner@example.com  account  has owner, entitled none  more than entitled

      Idle: members without any access (1 principal)
        ann@example.com

      Account 3229, authoritative: 0 gain, 0 lose, 1 stays untouched, 1 not in the policy.
      Nothing to change; 1 row cannot be managed.
      "
    `);
  });

  it('a 50 is reported, not lowered', () => {
    const policy = { grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] };
    expect(
      tell(policy, { accesses: [{ access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'viewer+' } }] }),
    ).toMatchInlineSnapshot(`
      "Unmanageable: the policy asks for a different level, and grantd cannot write it (1 row)
        grantd leaves undocumented levels alone, and cannot lower viewer+ to viewer [level]
          help: change the level in Mailtrap
          ann@example.com  project:Checkout  has viewer+, entitled viewer  more than entitled

      Account 3229, authoritative: 0 gain, 0 lose, 1 stays untouched, 0 not in the policy.
      Nothing to change; 1 row cannot be managed.
      "
    `);
  });

  it('a 50 with nothing entitled is removed', () => {
    const policy = { grants: [{ to: 'ann@example.com', resource: 'domain:example.com' }] };
    const rows = { 'project:#4001': 'viewer+', 'domain:#7001': 'viewer' } as const;
    expect(tell(policy, { accesses: [{ access: 2, user: 'ann@example.com', rows }] })).toMatchInlineSnapshot(`
      "Changes
        ann@example.com
          - project:Checkout  viewer+ → none
              no grant gives this; named at policy.yaml:51

      Account 3229, authoritative: 0 gain, 1 loses, 0 stay untouched, 0 not in the policy.
      1 change may be written.
        lose something: ann@example.com
        account admins stay the same
      "
    `);
  });

  it('a project grant makes inbox rows redundant, and they come back to matter when it ends', () => {
    const policy = {
      grants: [
        { to: 'ann@example.com', resource: 'project:Checkout', level: 'admin', until: '2026-11-30' },
        { to: 'ann@example.com', resource: 'inbox:Checkout/QA' },
      ],
    } as const;
    const rows = { 'project:#4001': 'admin', 'inbox:#5001': 'viewer', 'inbox:#5002': 'admin' } as const;
    const account = { accesses: [{ access: 2, user: 'ann@example.com', rows }] };
    expect(tell(policy, account)).toMatchInlineSnapshot(`
      "Redundant: give nothing beyond the policy, and grantd leaves them alone (2 rows)
        ann@example.com  inbox:Checkout/QA       admin
        ann@example.com  inbox:Checkout/Staging  viewer

      Notices: a grant ends within 7 days (1)
        policy.yaml:51: ann@example.com: ends 2026-11-30 [ends-soon]
          help: extend the date if they still need it

      Ahead: what begins and ends in the next 30 days (1 date)
        2026-12-01T00:00:00Z  ends  ann@example.com  admin on project:Checkout  policy.yaml:51

      Account 3229, authoritative: 0 gain, 0 lose, 1 stays untouched, 0 not in the policy.
      Nothing to change: the account is as the policy says.
      "
    `);
    expect(tell(policy, account, Date.UTC(2026, 11, 1))).toMatchInlineSnapshot(`
      "Ended (1 row)
        ann@example.com  project:Checkout  admin until 2026-11-30  has admin  policy.yaml:51

      Changes
        ann@example.com
          ↓ inbox:Checkout/QA       admin → viewer
              ended 2026-11-30: project:Checkout (policy.yaml:51)
              keeps viewer: a grant (policy.yaml:52)
          - inbox:Checkout/Staging  viewer → none
              ended 2026-11-30: project:Checkout (policy.yaml:51)
          - project:Checkout        admin → none
              ended 2026-11-30: a grant (policy.yaml:51)

      Account 3229, authoritative: 0 gain, 1 loses, 0 stay untouched, 0 not in the policy.
      3 changes may be written.
        lose something: ann@example.com
        account admins stay the same
      "
    `);
  });

  it('a date that lies ahead takes nothing today', () => {
    const policy = { grants: [{ to: 'ann@example.com', resource: 'project:Mobile', from: '2027-01-01' }] };
    const rows = { 'project:#4001': 'admin' } as const;
    expect(tell(policy, { accesses: [owner, { access: 2, user: 'ann@example.com', rows }] })).toMatchInlineSnapshot(`
      "Upcoming: their first grant has not begun (1 name)
        ann@example.com  from 2027-01-01T00:00:00Z  policy.yaml:51

      Unlisted: have access, and no grant that has begun names them (1 principal)
        ann@example.com  project:Checkout admin

      Account 3229, authoritative: 0 gain, 0 lose, 0 stay untouched, 2 not in the policy.
      Nothing to change: the policy lists no one in the account; 1 person whom no grant names keeps 1 row (unlisted: keep).
      "
    `);
  });

  it('a removal waits for the row that it relies on', () => {
    const tree = [
      listed('account', 3229, 'Account', [
        listed('project', 4001, 'Checkout', [listed('inbox', 5001, 'Staging', [], 10)]),
      ]),
    ];
    const policy = { grants: [{ to: 'ann@example.com', resource: 'inbox:Checkout/Staging' }] };
    const rows = { 'project:#4001': 'admin' } as const;
    expect(tell(policy, { tree, accesses: [{ access: 2, user: 'ann@example.com', rows }] })).toMatchInlineSnapshot(`
      "Unmanageable: the policy asks for a different level, and grantd cannot write it (1 row)
        grantd's token is not admin of this resource [token-below-admin]
          help: make the token admin of it
          ann@example.com  inbox:Checkout/Staging  has none, entitled viewer  less than entitled

      Deferred: not written until what it waits for is settled (1 change)
        waits for inbox:Checkout/Staging [relies-on-missing]
          a row that the policy grants here, above or below is not in place, and this one may replace it
          help: settle the missing row first; this one follows
          ann@example.com  - project:Checkout  admin → none

      Account 3229, authoritative: 0 gain, 0 lose, 1 waits, 1 stays untouched, 0 not in the policy.
      Deferred: 1 change waits, nothing is written.
      "
    `);
  });

  it('the last contractor leaves, and `ignore` matches nobody', () => {
    const policy = {
      ignore: ['*@contractor.example'],
      grants: [{ to: 'ann@example.com', resource: 'project:Mobile' }],
    };
    const ivan = { access: 3, user: 'ivan@contractor.example', rows: { 'project:#4001': 'admin' } } as const;
    const ann = { access: 2, user: 'ann@example.com', rows: { 'project:#4002': 'viewer' } } as const;
    expect(tell(policy, { accesses: [ann, ivan] })).toMatchInlineSnapshot(`
      "Account 3229, authoritative: 0 gain, 0 lose, 1 stays untouched, 1 not in the policy.
      Nothing to change: the account is as the policy says.
      "
    `);
    expect(tell(policy, { accesses: [ann] })).toMatchInlineSnapshot(`
      "Notices (1)
        policy.yaml:8: \`ignore\` names *@contractor.example, and nobody in the account has an e-mail that fits [person-unmatched]
          help: correct it or delete it; nothing to do if it is meant for people who come later

      Account 3229, authoritative: 0 gain, 0 lose, 1 stays untouched, 0 not in the policy.
      Nothing to change: the account is as the policy says.
      "
    `);
  });

  it('a name that two projects share', () => {
    const tree = [listed('account', 3229, 'Account', [listed('project', 4001, 'Web'), listed('project', 4009, 'Web')])];
    const policy = { grants: [{ to: 'ann@example.com', resource: 'project:Web' }] };
    const rows = { 'project:#4009': 'admin' } as const;
    expect(tell(policy, { tree, accesses: [{ access: 2, user: 'ann@example.com', rows }] })).toMatchInlineSnapshot(`
      "Notices (1)
        policy.yaml:51: project:Web matches 2 resources: project:#4001, project:#4009; until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any project, or on what may be above or below it [unresolved-name]
          help: name the right one by id, for example project:#4001

      Deferred: not written until what it waits for is settled (1 change)
        waits for project:Web [unresolved-name]
          a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there
          help: correct the name, or use the id
          ann@example.com  - project:Web  admin → none

      Account 3229, authoritative: 0 gain, 0 lose, 1 waits, 1 stays untouched, 0 not in the policy.
      Deferred: 1 change waits, nothing is written. 1 name matches no resource, or several.
      "
    `);
  });

  it('a pattern that gains a resource', () => {
    const policy = { grants: [{ to: 'ann@example.com', resource: 'project:Mobile *' }] };
    const tree = (names: readonly string[]) => [
      listed(
        'account',
        3229,
        'Account',
        names.map((name, index) => listed('project', 4001 + index, name)),
      ),
    ];
    const accesses = [{ access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'viewer' } }] as const;
    expect(tell(policy, { tree: tree(['Mobile iOS']), accesses })).toMatchInlineSnapshot(`
      "Account 3229, authoritative: 0 gain, 0 lose, 1 stays untouched, 0 not in the policy.
      Nothing to change: the account is as the policy says.
      "
    `);
    expect(tell(policy, { tree: tree(['Mobile iOS', 'Mobile Watch', 'Web']), accesses })).toMatchInlineSnapshot(`
      "Changes
        ann@example.com
          + project:Mobile Watch  none → viewer
              because project:Mobile * (policy.yaml:51)

      Account 3229, authoritative: 1 gains, 0 lose, 0 stay untouched, 0 not in the policy.
      1 change may be written.
        account admins stay the same
      "
    `);
  });

  it('a User and an Invite of one e-mail both get the rows', () => {
    const policy = { grants: [{ to: 'Ann@Example.com', resource: 'project:Mobile', reason: 'OPS-7' }] };
    const accesses = [
      { access: 2, user: 'ann@example.com' },
      { access: 3, invite: 'ANN@example.com' },
    ];
    expect(tell(policy, { accesses })).toMatchInlineSnapshot(`
      "Changes
        ann@example.com
          + project:Mobile  none → viewer
              because a grant (policy.yaml:51), OPS-7
        ANN@example.com (invited)
          + project:Mobile  none → viewer
              because a grant (policy.yaml:51), OPS-7

      Account 3229, authoritative: 1 gains, 0 lose, 0 stay untouched, 0 not in the policy.
      2 changes may be written.
        account admins stay the same
      "
    `);
  });

  it('a token with an access id that the operator gave', () => {
    const policy = {
      tokens: { ci: { access: 5142, token: 2496915 } },
      grants: [{ to: 'token:ci', resource: 'inbox:Checkout/Staging', level: 'admin' }],
    } as const;
    const apiTokens = [OWN_TOKEN, { id: 2496915, name: 'CI', rows: { 'inbox:#5002': 'admin' } }] as const;
    expect(tell(policy, { accesses: [owner], apiTokens })).toMatchInlineSnapshot(`
      "Notices: it is not yet confirmed that the access id and the token id of a declared token belong together (1)
        token:ci: it is not yet confirmed that access 5142 belongs to this token; grantd first raises one row and checks that it appears on this token [unproven-token]
          help: if the raise does not appear, check both ids under \`tokens\`

      Changes
        token:ci
          + inbox:Checkout/Staging  none → admin
              because a grant (policy.yaml:51)
          - inbox:Checkout/QA       admin → none
              no grant gives this; named at policy.yaml:51

      Account 3229, authoritative: 1 gains, 1 loses, 0 stay untouched, 1 not in the policy.
      2 changes may be written.
        lose something: token:ci
        account admins stay the same
      "
    `);
    expect(tell(policy, { accesses: [{ ...owner, access: 5142 }], apiTokens })).toMatchInlineSnapshot(`
      "Unmanageable: the policy asks for a different level, and grantd cannot write it (2 rows)
        Mailtrap lists the declared access of the token as someone else's [access-of-someone-else]
          help: correct \`access\` under \`tokens\`
          token:ci  inbox:Checkout/QA       has admin, entitled none  more than entitled
          token:ci  inbox:Checkout/Staging  has none, entitled admin  less than entitled

      Account 3229, authoritative: 0 gain, 0 lose, 1 stays untouched, 1 not in the policy.
      Nothing to change; 2 rows cannot be managed.
      "
    `);
  });

  it('a project that the token cannot see', () => {
    const tree = [listed('account', 3229, 'Account', [listed('project', 4002, 'Mobile')])];
    const policy = {
      roles: {
        dev: [
          ['project:Checkout', 'viewer'],
          ['project:Mobile', 'viewer'],
        ],
      },
      grants: [{ to: 'ann@example.com', role: 'dev' }],
    } as const;
    const rows = { 'project:#4001': 'admin', 'project:#4002': 'admin' } as const;
    expect(tell(policy, { tree, accesses: [{ access: 2, user: 'ann@example.com', rows }] })).toMatchInlineSnapshot(`
      "Notices (1)
        policy.yaml:41: project:Checkout matches no resource that the token can see; until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any project, or on what may be above or below it [unresolved-name]
          help: correct the name, or check that the token administers the resource; if the resource is gone, delete the line

      Unmanageable: the policy asks for a different level, and grantd cannot write it (1 row)
        grantd's token does not see this resource [not-shown]
          help: make the token admin of it; nothing, if the resource is gone
          ann@example.com  project:#4001  has admin, entitled none  more than entitled

      Deferred: not written until what it waits for is settled (1 change)
        waits for project:Checkout [unresolved-name]
          a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there
          help: correct the name, or use the id
          ann@example.com  ↓ project:Mobile  admin → viewer

      Account 3229, authoritative: 0 gain, 0 lose, 1 waits, 1 stays untouched, 0 not in the policy.
      Deferred: 1 change waits, nothing is written. 1 name matches no resource, or several.
      "
    `);
  });

  it('somebody leaves: `ends` takes everything, and the last line of the policy stays the reason', () => {
    const policy = {
      groups: { qa: ['ann@example.com', 'bob@example.com'] },
      ends: { 'bob@example.com': '2026-11-20' },
      grants: [{ to: 'group:qa', resource: 'project:Checkout' }],
    };
    const rows = { 'project:#4001': 'viewer' } as const;
    const accesses = [
      { access: 2, user: 'ann@example.com', rows },
      { access: 3, user: 'bob@example.com', rows },
    ];
    expect(tell(policy, { accesses })).toMatchInlineSnapshot(`
      "Ended (1 row)
        bob@example.com  project:Checkout  viewer until 2026-11-20  has viewer  policy.yaml:51

      Changes
        bob@example.com
          - project:Checkout  viewer → none
              ended 2026-11-20 by \`ends\` (policy.yaml:21): group qa (policy.yaml:51)

      Account 3229, authoritative: 0 gain, 1 loses, 1 stays untouched, 0 not in the policy.
      1 change may be written.
        lose something: bob@example.com
        account admins stay the same
      "
    `);
    expect(tell({ ...policy, mode: 'additive' }, { accesses })).toMatchInlineSnapshot(`
      "Ended, and still in place (1 row)
        bob@example.com  project:Checkout  viewer until 2026-11-20  has viewer  policy.yaml:51

      Account 3229, additive: 0 gain, 0 lose, 2 stay untouched, 0 not in the policy.
      Nothing to add: every grant is in place.
      "
    `);
  });

  it('a plan that takes access from too many is held in what it takes, and goes on with the rest', () => {
    const policy = {
      limits: { revokes: { principals: 5, percent: 20 } },
      grants: [{ to: ['ann@example.com', 'bob@example.com', 'eve@example.com'], resource: 'project:Mobile' }],
    };
    const rows = { 'project:#4001': 'viewer' } as const;
    const accesses = ['ann', 'bob', 'eve'].map((name, index) => ({
      access: 2 + index,
      user: `${name}@example.com`,
      rows,
    }));
    expect(tell(policy, { accesses })).toMatchInlineSnapshot(`
      "Changes
        ann@example.com
          + project:Mobile  none → viewer
              because a grant (policy.yaml:51)
        bob@example.com
          + project:Mobile  none → viewer
              because a grant (policy.yaml:51)
        eve@example.com
          + project:Mobile  none → viewer
              because a grant (policy.yaml:51)

      Held: 3 changes of 3 principals not written
        revoke-limit: 3 would lose access: ann@example.com, bob@example.com, eve@example.com. The limit is 1: the smaller of 5 and 20 % of the 3 with rows, at least 1
          to go on: approve the parts that you intend, make the change in smaller steps, or raise \`limits.revokes\` in a reviewed change of the policy
        ann@example.com
          - project:Checkout  viewer → none
              no grant gives this; named at policy.yaml:51
          held by revoke-limit
          to approve it, add these lines under \`approvals:\` of the policy:
        - until: 2026-12-01
          digests:
            - sha256:dd8e5473597222d3b11b0b109b0978a0b6cc9b46bf45cb622a7e0b8d5994df93
          or approve it for one run: grantd apply policy.yaml --approve sha256:dd8e5473597222d3b11b0b109b0978a0b6cc9b46bf45cb622a7e0b8d5994df93
        bob@example.com
          - project:Checkout  viewer → none
              no grant gives this; named at policy.yaml:51
          held by revoke-limit
          to approve it, add these lines under \`approvals:\` of the policy:
        - until: 2026-12-01
          digests:
            - sha256:006e3535a941db68433513c08ad9ff13b41f2a04b9fc2f70f28c81f6bf8a7ce4
          or approve it for one run: grantd apply policy.yaml --approve sha256:006e3535a941db68433513c08ad9ff13b41f2a04b9fc2f70f28c81f6bf8a7ce4
        eve@example.com
          - project:Checkout  viewer → none
              no grant gives this; named at policy.yaml:51
          held by revoke-limit
          to approve it, add these lines under \`approvals:\` of the policy:
        - until: 2026-12-01
          digests:
            - sha256:55e01e5a7f35071ba0e499c9df0d07c9b2bc6aec6fc6398efcb9040e9fbce842
          or approve it for one run: grantd apply policy.yaml --approve sha256:55e01e5a7f35071ba0e499c9df0d07c9b2bc6aec6fc6398efcb9040e9fbce842

      Account 3229, authoritative: 3 gain, 3 lose, 0 stay untouched, 0 not in the policy.
      3 changes may be written. 3 changes held by revoke-limit.
        account admins stay the same
      "
    `);
  });

  it('a policy in which everything is as it should be', () => {
    const policy = { grants: [{ to: 'ann@example.com', resource: 'project:Mobile' }] };
    expect(
      tell(policy, {
        tree: SMALL_TREE,
        accesses: [{ access: 2, user: 'ann@example.com', rows: { 'project:#4002': 'viewer' } }],
      }),
    ).toMatchInlineSnapshot(`
      "Account 3229, authoritative: 0 gain, 0 lose, 1 stays untouched, 0 not in the policy.
      Nothing to change: the account is as the policy says.
      "
    `);
  });

  it('unlisted principals lose what they hold, where the policy says so', () => {
    const policy: PolicySpec = {
      unlisted: 'revoke',
      ignore: ['*@contractor.example'],
      grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }],
    };
    const accesses = [
      owner,
      { access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'viewer' } },
      { access: 3, user: 'eve@example.com', rows: { 'project:#4001': 'admin', 'inbox:#5003': 'viewer' } },
      { access: 4, invite: 'kim@contractor.example', rows: { 'project:#4001': 'admin' } },
    ] as const;
    expect(tell(policy, { accesses })).toMatchInlineSnapshot(`
      "Unlisted: have access, and no grant that has begun names them (1 principal)
        eve@example.com  project:Checkout admin, inbox:Mobile/Builds viewer

      Changes
        eve@example.com
          - inbox:Mobile/Builds  viewer → none
              no grant that has begun names them, and \`unlisted\` revokes their access (policy.yaml:9)
          - project:Checkout     admin → none
              no grant that has begun names them, and \`unlisted\` revokes their access (policy.yaml:9)

      Account 3229, authoritative: 0 gain, 1 loses, 1 stays untouched, 3 not in the policy.
      2 changes may be written.
        lose something: eve@example.com
        account admins stay the same
      "
    `);
  });
});
