import { describe, expect, it } from 'vitest';
import { bindToTree } from '../../../src/core/bind/bind-to-tree.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { type NamedRole, organizationRoles } from '../../../src/core/validate/organization-roles.ts';
import { runAccountTests } from '../../../src/core/validate/run-account-tests.ts';
import { runNeverRules } from '../../../src/core/validate/run-never-rules.ts';
import { buildAccount, listed } from '../../support/account-builder.ts';
import { policyText, validPolicy } from './policy-text.ts';

const NOW = Date.parse('2026-10-01T00:00:00Z');
const ANN = 'ann@example.com';

function bound(sections: string, tree = buildAccount({}).tree) {
  const resolved = resolvePolicy(validPolicy(policyText(`${sections.trim()}\n`)));
  return { resolved, binding: bindToTree(resolved, tree) };
}

/** What became of each test, `who resource expect [at]` each: the verdict where it passed, else the reason. */
function outcomes(sections: string, tests: readonly string[], tree = buildAccount({}).tree): readonly string[] {
  const lines = tests.map((test) => {
    const [who, resource, expected, at] = test.split(' ');
    return `  - { who: ${who}, resource: "${resource}", expect: ${expected}${at ? `, at: ${at}` : ''} }`;
  });
  const { binding } = bound(`${sections.trim()}\ntests:\n${lines.join('\n')}`, tree);
  return runAccountTests(binding, NOW).map(({ verdict, reason }) => reason ?? verdict);
}

describe('a test of a policy, on an account', () => {
  it('is decided by id, by name, from above, and for a principal that is not in the account', () => {
    const grants = `grants:\n  - { to: ${ANN}, resource: "project:#4001", level: viewer }`;
    expect(
      outcomes(grants, [
        `${ANN} project:Checkout viewer`,
        `${ANN} inbox:#5001 viewer`,
        `${ANN} project:Mobile none`,
        'bob@example.com project:Checkout none',
      ]),
    ).toEqual(['passed', 'passed', 'passed', 'passed']);
  });

  it('says what was expected, what it got, and by which lines, groups and roles', () => {
    const sections = `
groups: { qa: [${ANN}] }
roles:
  tester: [{ resource: project:Checkout, level: viewer }]
grants:
  - { to: group:qa, role: tester }
  - { to: ${ANN}, resource: "inbox:Checkout/*", level: admin }`;
    expect(
      outcomes(sections, [`${ANN} inbox:#5001 viewer`, `${ANN} project:Checkout none`, `${ANN} account admin`]),
    ).toEqual([
      'the policy gives admin on inbox:Checkout/Staging: because of policy.yaml:10:5 (group qa → role tester), policy.yaml:11:5',
      'the policy gives viewer: because of policy.yaml:10:5 (group qa → role tester)',
      'the policy gives none: no grant gives access there',
    ]);
  });

  it('does not count what is ignored or not managed, as the text does not', () => {
    const sections = `manage: ["project:*"]\ngrants:\n  - { to: ${ANN}, resource: account, level: viewer }`;
    expect(outcomes(sections, [`${ANN} account none`, `${ANN} project:Checkout none`])).toEqual(['passed', 'passed']);
  });

  it('of a pattern speaks of every resource that fits, and names the first that differs', () => {
    const grants = `grants:\n  - { to: ${ANN}, resource: "project:*", except: project:Mobile, level: viewer }`;
    expect(
      outcomes(grants, [`${ANN} project:* viewer`, `${ANN} inbox:Checkout/* viewer`, `${ANN} project:X* none`]),
    ).toEqual([
      'the policy gives none on project:Mobile: no grant gives access there',
      'passed',
      'the snapshot does not show project:X*',
    ]);
  });

  it('is undecided if the account shows no such resource, or several', () => {
    const tree = buildAccount({
      tree: [listed('account', 3229, 'Account', [listed('project', 2, 'Twin'), listed('project', 1, 'Twin')])],
    }).tree;
    expect(outcomes('groups: {}', [`${ANN} project:Twin none`, `${ANN} project:Gone none`], tree)).toEqual([
      'project:Twin matches 2 resources of the snapshot: project:#1, project:#2; name it by id',
      'the snapshot does not show project:Gone',
    ]);
  });

  it('counts a role in the organization, which nothing that the policy says takes away', () => {
    const { binding } = bound(`
tests:
  - { who: ${ANN}, resource: project:Checkout, expect: admin }
  - { who: ${ANN}, resource: "inbox:Checkout/*", expect: viewer }
  - { who: bob@example.com, resource: project:Checkout, expect: admin }
  - { who: bob@example.com, resource: project:Mobile, expect: viewer }
  - { who: eve@example.com, resource: account, expect: none }
grants:
  - { to: bob@example.com, resource: project:Checkout, level: admin }`);
    const roles = [
      { name: { email: ANN }, level: 100 },
      { name: { email: 'bob@example.com' }, level: 10 },
    ];
    expect(runAccountTests(binding, NOW, roles).map(({ verdict, reason }) => reason ?? verdict)).toEqual([
      'passed',
      'a role in the organization gives admin on inbox:Checkout/Staging, and only Mailtrap changes it',
      'passed',
      'passed',
      'passed',
    ]);
  });

  it('reports an unresolved name of its grants, which may be the reason', () => {
    const grants = `grants:\n  - { to: ${ANN}, resource: project:Moblie, level: viewer }\n  - { to: ${ANN}, resource: "project:*", except: project:Gone, level: viewer }`;
    expect(outcomes(grants, [`${ANN} project:Mobile admin`])).toEqual([
      'the policy gives viewer: because of policy.yaml:8:5; the snapshot does not show exactly one project:Moblie (policy.yaml:7:5), project:Gone (policy.yaml:8:5)',
    ]);
  });

  it('names ten grants, and how many more there are', () => {
    const lines = Array.from({ length: 12 }, () => `  - { to: ${ANN}, resource: project:Checkout, level: viewer }`);
    expect(outcomes(`grants:\n${lines.join('\n')}`, [`${ANN} project:Checkout none`])[0]).toMatch(
      /because of policy\.yaml:7:5, .*policy\.yaml:16:5 and 2 more$/,
    );
  });
});

describe('an invariant of a policy, on an account', () => {
  function rules(sections: string, roles: readonly NamedRole[] = []): readonly string[] {
    const { resolved, binding } = bound(sections);
    return runNeverRules(binding, resolved, roles).map(({ verdict, reason }) => reason ?? verdict);
  }

  it('is broken by what only the account shows, at any date, whether or not the member is in it', () => {
    const sections = `
groups: { qa: [${ANN}, bob@example.com, eve@example.com] }
ends: { eve@example.com: 2026-12-31 }
never:
  - { who: ${ANN}, resource: "project:#4001", level: viewer }
  - { who: group:qa, resource: "inbox:#5001", level: admin }
  - { who: ${ANN}, resource: "project:#4002", level: viewer }
  - { who: "token:*", resource: account, level: admin }
grants:
  - { to: group:qa, resource: project:Checkout, level: admin, from: 2027-01-01, until: 2027-02-01 }
  - { to: ${ANN}, resource: "inbox:Checkout/*", level: admin, until: 2026-01-01 }`;
    expect(rules(sections)).toEqual([
      `policy.yaml:14:5 (group qa) gives ${ANN} admin on project:Checkout from 2027-01-01 until 2027-02-01`,
      [
        `policy.yaml:14:5 (group qa) gives ${ANN} admin on project:Checkout from 2027-01-01 until 2027-02-01`,
        'policy.yaml:14:5 (group qa) gives bob@example.com admin on project:Checkout from 2027-01-01 until 2027-02-01',
        `policy.yaml:15:5 gives ${ANN} admin on inbox:Checkout/Staging until 2026-01-01`,
      ].join(', '),
      'passed',
      'passed',
    ]);
  });

  it('is broken by a grant without dates', () => {
    const sections = `
never:
  - { who: ${ANN}, resource: "project:#4001", level: viewer }
grants:
  - { to: ${ANN}, resource: project:Checkout, level: viewer }`;
    expect(rules(sections)).toEqual([`policy.yaml:9:5 gives ${ANN} viewer on project:Checkout`]);
  });

  it('is not broken by rows that the policy may not write, nor by less than it forbids', () => {
    const sections = `
manage: ["project:*"]
never:
  - { who: ${ANN}, resource: "project:#4001", level: admin }
  - { who: ${ANN}, resource: "domain:#7001", level: viewer }
grants:
  - { to: ${ANN}, resource: "project:*", level: viewer }
  - { to: ${ANN}, resource: "domain:example.com", level: admin }`;
    expect(rules(sections)).toEqual(['passed', 'passed']);
  });

  it('is broken by a role in the organization that gives as much to whom it names, if it forbids any resource', () => {
    const sections = `
groups: { qa: [${ANN}] }
never:
  - { who: group:qa, resource: "project:*", level: admin }
  - { who: "*@example.com", resource: account, level: admin }
  - { who: "*@example.com", resource: "project:Nothing*", level: viewer }
  - { who: "token:*", resource: billing, level: viewer }`;
    const roles = [
      { name: { email: ANN }, level: 100 },
      { name: { email: 'bob@example.com' }, level: 10 },
      { name: { token: 'ci' }, level: 10 },
    ];
    expect(rules(sections, roles)).toEqual([
      `a role in the organization gives ${ANN} admin everywhere`,
      `a role in the organization gives ${ANN} admin everywhere`,
      'passed',
      'a role in the organization gives token:ci viewer everywhere',
    ]);
  });

  it('cannot be decided where the account does not show exactly what it names', () => {
    const sections = `never:\n  - { who: ${ANN}, resource: project:Gone, level: viewer }`;
    expect(rules(sections)).toEqual(['the snapshot does not show exactly one project:Gone']);
  });
});

it("the roles in the organization are those of people and declared tokens, but not of grantd's own", () => {
  const rows = { 'organization:#7': 'admin' } as const;
  const token = (id: number, name: string, isOwnToken = false) => ({ id, name, isOwnToken, rows });
  const actual = buildAccount({
    accesses: [
      { access: 1, user: ANN, rows },
      { access: 2, invite: 'bob@example.com', rows: { account: 'admin' } },
      { access: 3, token: { id: 72, name: 'listed' }, rows },
    ],
    apiTokens: [token(71, 'In Mailtrap'), token(72, 'listed'), token(73, 'grantd', true)],
  });
  const { policy } = bound(`tokens:
  ci: { access: 5, token: 71 }
  own: { access: 6, token: 73 }
  gone: { access: 7, token: 74 }`).resolved;
  const roleOfAnn = { name: { email: ANN }, level: 100 };
  expect(organizationRoles(actual, policy.tokens)).toEqual([roleOfAnn, { name: { token: 'ci' }, level: 100 }]);
  expect(organizationRoles({ ...actual, apiTokens: null }, policy.tokens)).toEqual([roleOfAnn]);
});
