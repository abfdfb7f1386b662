import { describe, expect, it } from 'vitest';
import { placeText } from '../../../src/core/domain/text/problem.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { runPolicyTests } from '../../../src/core/validate/run-policy-tests.ts';
import { policyText, validPolicy } from './policy-text.ts';

const NOW = Date.parse('2026-10-01T00:00:00Z');

/** The verdicts of the tests of one policy, `who resource expect [at]` each. */
function verdicts(sections: string, tests: readonly string[]): readonly string[] {
  return results(sections, tests).map(({ verdict }) => verdict);
}

function results(sections: string, tests: readonly string[]) {
  const lines = tests.map((test) => {
    const [who, resource, expect, at] = test.split(' ');
    return `  - { who: ${who}, resource: "${resource}", expect: ${expect}${at ? `, at: ${at}` : ''} }`;
  });
  const policy = validPolicy(policyText(`${sections.trim()}\ntests:\n${lines.join('\n')}\n`));
  return runPolicyTests(policy, resolvePolicy(policy).entitlements, NOW);
}

const ANN = 'ann@example.com';

describe('a test of a policy', () => {
  it('passes or fails where the text decides', () => {
    const grants = `grants:\n  - { to: ${ANN}, resource: project:Checkout, level: viewer }`;
    expect(
      verdicts(grants, [
        `${ANN} project:Checkout viewer`,
        `${ANN} inbox:Checkout/Staging viewer`,
        `${ANN} project:Mobile none`,
        'bob@example.com project:Checkout none',
        `${ANN} project:Checkout admin`,
        `${ANN} project:Checkout none`,
        `${ANN} account none`,
      ]),
    ).toEqual(['passed', 'passed', 'passed', 'passed', 'failed', 'failed', 'passed']);
  });

  it('takes the highest of several grants, and names those that reach there', () => {
    const grants = `grants:\n  - { to: ${ANN}, resource: account, level: viewer }\n  - { to: ${ANN}, resource: "inbox:A/*", level: admin }`;
    const [passed, failed] = results(grants, [`${ANN} inbox:A/b admin`, `${ANN} inbox:A/b viewer`]);
    expect(passed?.reason).toBeNull();
    expect(failed?.reason).toBe('the policy gives admin: because of policy.yaml:7:5, policy.yaml:8:5');
    expect(failed?.because.map(placeText)).toEqual(['policy.yaml:7:5', 'policy.yaml:8:5']);
  });

  it('takes the highest whatever the order', () => {
    const grants = `grants:\n  - { to: ${ANN}, resource: account, level: admin }\n  - { to: ${ANN}, resource: account, level: viewer }`;
    expect(verdicts(grants, [`${ANN} account admin`])).toEqual(['passed']);
  });

  it('says that no grant gives access there', () => {
    const [failed] = results('groups: {}', [`${ANN} account viewer`]);
    expect(failed?.reason).toBe('the policy gives none: no grant gives access there');
  });

  it('counts the account as covering billing', () => {
    expect(verdicts(`grants:\n  - { to: ${ANN}, resource: account, level: admin }`, [`${ANN} billing admin`])).toEqual([
      'passed',
    ]);
  });

  it('honours from, until and ends at the moment that it names', () => {
    const sections = `
grants:
  - { to: [${ANN}, bob@example.com], resource: account, level: viewer, from: 2026-11-01, until: 2026-12-31 }
ends:
  bob@example.com: 2026-11-30`;
    expect(
      verdicts(sections, [
        `${ANN} account none`,
        `${ANN} account viewer 2026-11-01`,
        `${ANN} account viewer 2026-12-31T23:59:59Z`,
        `${ANN} account none 2027-01-01`,
        'bob@example.com account viewer 2026-11-30',
        'bob@example.com account none 2026-12-01',
      ]),
    ).toEqual(Array(6).fill('passed'));
  });

  it('leaves out what except, ignore and manage take from a grant', () => {
    const sections = `
manage: ["project:*"]
ignore: [project:Sandbox]
grants:
  - { to: ${ANN}, resource: ["project:*"], except: [project:Legacy], level: admin }
  - { to: bob@example.com, resource: account, level: viewer }`;
    expect(
      verdicts(sections, [
        `${ANN} project:Checkout admin`,
        `${ANN} inbox:Legacy/x none`,
        `${ANN} inbox:Sandbox/x none`,
        'bob@example.com account none',
      ]),
    ).toEqual(Array(4).fill('passed'));
  });

  it('keeps what lies above an ignored resource', () => {
    const sections = `ignore: ["inbox:A/*"]\ngrants:\n  - { to: ${ANN}, resource: project:A, level: viewer }`;
    expect(verdicts(sections, [`${ANN} inbox:A/b viewer`])).toEqual(['passed']);
  });

  it('is undecided if only an account can decide', () => {
    const grants = `grants:\n  - { to: ${ANN}, resource: "project:#4001", level: viewer }\n  - { to: bob@example.com, resource: "project:*", except: "project:#4001", level: admin }`;
    const [ann, bob, pattern] = results(grants, [
      `${ANN} project:Checkout viewer`,
      'bob@example.com project:Checkout admin',
      `${ANN} project:* viewer`,
    ]);
    expect([ann, bob, pattern].map((result) => result?.verdict)).toEqual(['undecided', 'undecided', 'undecided']);
    expect(ann?.reason).toBe(
      'needs a snapshot: the policy gives at least none and at most viewer, because of policy.yaml:7:5',
    );
  });

  it('fails where what is expected lies outside of what is possible', () => {
    const grants = `grants:\n  - { to: ${ANN}, resource: "project:#4001", level: viewer }\n  - { to: bob@example.com, resource: account, level: viewer }\n  - { to: bob@example.com, resource: "project:#4001", level: admin }`;
    const [ann, bob] = results(grants, [`${ANN} project:A admin`, 'bob@example.com project:A none']);
    expect(ann?.reason).toBe('the policy gives at least none and at most viewer: because of policy.yaml:7:5');
    expect(bob?.verdict).toBe('failed');
  });

  it('is undecided where a resource may be outside of what is managed', () => {
    const sections = `manage: ["project:#4001"]\ngrants:\n  - { to: ${ANN}, resource: "project:*", level: viewer }`;
    expect(verdicts(sections, [`${ANN} project:A viewer`])).toEqual(['undecided']);
  });

  it('judges tokens by name', () => {
    const sections =
      'tokens:\n  ci: { access: 1, token: 2 }\ngrants:\n  - { to: token:ci, resource: account, level: viewer }';
    expect(verdicts(sections, ['token:ci account viewer'])).toEqual(['passed']);
  });
});
