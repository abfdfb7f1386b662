import { describe, expect, test } from 'vitest';
import { bindToTree } from '../../../src/core/bind/bind-to-tree.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { includedPaths } from '../../../src/core/validate/read-include.ts';
import { runAccountTests } from '../../../src/core/validate/run-account-tests.ts';
import { runPolicyTests } from '../../../src/core/validate/run-policy-tests.ts';
import { buildAccount } from '../../support/account-builder.ts';
import { codesOf, includedFile, policyText, validate } from './policy-text.ts';

const paths = (text: string) => includedPaths({ file: 'policy.yaml', text });

describe('the paths that a text includes', () => {
  test('are read in any spelling of the key, and from nothing else', () => {
    expect(paths('include: [{ shared: a.yaml }, { team: b.yaml }, { approvals: c.yaml }, { shared: a.yaml }]')).toEqual(
      ['a.yaml', 'b.yaml', 'c.yaml'],
    );
    expect(paths('"\\x69nclude": [{ shared: a.yaml }]')).toEqual(['a.yaml']);
    expect(paths('{ version: 1, include: [{ shared: a.yaml }] }')).toEqual(['a.yaml']);
    for (const text of [
      'include: a.yaml',
      'include: [a.yaml, { shared: [a.yaml] }, { shared: ../a.yaml }]',
      '# include',
      'include: [',
    ]) {
      expect(paths(text), text).toEqual([]);
    }
  });

  test('are 500 at most', () => {
    const entries = Array.from({ length: 501 }, (_, index) => `{ shared: f${index}.yaml }`);
    expect(paths(`include: [${entries.join(', ')}]`)).toHaveLength(500);
  });
});

const team = (more: string) => [includedFile('a.yaml', 'team', more)];
const root = (entry: string, more = '') => policyText(`include:\n  - { team: a.yaml, as: a, ${entry} }\n${more}`);

describe('a team’s file', () => {
  test('may use names of the root file, and its own are its own', () => {
    const text = policyText(
      'include: [{ team: a.yaml, as: a, may: ["project:A"] }, { team: b.yaml, as: b, may: ["project:B"] }]\ngroups: { all: [ann@x.test] }',
    );
    const file = (name: string) =>
      includedFile(
        `${name}.yaml`,
        'team',
        `groups: { qa: [group:all, ${name}@x.test] }\nroles: { r: [{ resource: "project:${name.toUpperCase()}", level: viewer }] }\ngrants: [{ to: group:qa, role: r }, { to: group:qa, role: r, reason: again }]`,
      );
    const checked = validate(text, [file('a'), file('b')]);
    if (!checked.ok) throw new Error(codesOf(checked.problems).join());
    expect(checked.problems).toEqual([]);
    const { entitlements } = resolvePolicy(checked.value);
    expect(entitlements.map(({ holders }) => holders.map(({ name }) => ('email' in name ? name.email : '')))).toEqual([
      ['b@x.test', 'ann@x.test'].map((one) => one.replace('b@', 'a@')).reverse(),
      ['ann@x.test', 'a@x.test'],
      ['ann@x.test', 'b@x.test'],
      ['ann@x.test', 'b@x.test'],
    ]);
    const [holder] = entitlements[0]?.holders ?? [];
    expect(holder?.groups.map(({ name, at }) => `${name} ${at.file}`)).toEqual(['qa a.yaml', 'all policy.yaml']);
    expect(entitlements[0]?.resources.map(({ role }) => `${role?.name} ${role?.at.file}`)).toEqual(['r a.yaml']);
  });

  test('is told which names it could have meant: of the root file and its own', () => {
    const { problems } = validate(
      root('may: ["project:A"]', 'groups: { quality: [ann@x.test] }'),
      team(
        'groups: { own: [ann@x.test] }\ngrants: [{ to: [group:qualty, group:ownn], resource: "project:A", level: viewer }]',
      ),
    );
    expect(problems.filter(({ code }) => code === 'unknown-group').map(({ remedy }) => remedy)).toEqual([
      'did you mean quality?',
      'did you mean own?',
    ]);
  });

  test('has 500 grants and 200 groups at most', () => {
    const grants = Array(501).fill('{ to: ann@x.test, resource: "project:A", level: viewer }').join(', ');
    const groups = Array.from({ length: 201 }, (_, index) => `g${index}: [ann@x.test]`).join(', ');
    const { problems } = validate(root('may: ["project:A"]'), team(`groups: { ${groups} }\ngrants: [${grants}]`));
    expect(problems.filter(({ code }) => code === 'over-limit').map(({ message }) => message)).toEqual([
      expect.stringContaining('groups has 201 keys'),
      expect.stringContaining('grants has 501 items'),
    ]);
  });

  test('names what it may by text; a list of many is shortened', () => {
    const message = (entry: string) => {
      const { problems } = validate(
        root(entry, 'tokens: { ci: { access: 1, token: 2 } }'),
        team('grants: [{ to: ann@x.test, resource: "domain:A", level: viewer }]'),
      );
      return problems.find(({ code }) => code === 'beyond-scope')?.message ?? '';
    };
    expect(message('may: ["project:A", "project:B", "project:C", "project:D"]')).toMatch(
      /: project:A, project:B, project:C and 1 more$/,
    );
    expect(message('may: [token:ci]')).toMatch(/: no resource$/);
  });

  test('an unreadable entry of `may` or a path is one problem', () => {
    const text = policyText(
      'include:\n  - { shared: 7 }\n  - { team: a.yaml, as: a, may: [7] }\n  - { team: [b.yaml], as: 5, may: ["project:A"] }',
    );
    expect(codesOf(validate(text, team('grants: []')).problems).filter((one) => !one.includes('unreadable'))).toEqual([
      'unquoted-text 7:15',
      'unquoted-text 8:34',
      'unquoted-text 9:13',
      'unquoted-text 9:27',
    ]);
  });

  test('a test of it is judged on what that file gives', () => {
    const text = root(
      'may: ["project:Checkout"], upTo: admin',
      'grants: [{ to: ann@x.test, resource: "project:Checkout", level: admin }]\ntests: [{ who: ann@x.test, resource: "project:Checkout", expect: admin }]',
    );
    const file =
      'grants: [{ to: ann@x.test, resource: "project:Checkout", level: viewer }]\ntests: [{ who: ann@x.test, resource: "project:Checkout", expect: viewer }]';
    const checked = validate(text, team(file));
    if (!checked.ok) throw new Error(codesOf(checked.problems).join());
    const resolved = resolvePolicy(checked.value);
    const now = Date.UTC(2026, 11, 1);
    expect(runPolicyTests(checked.value, resolved.entitlements, now).map(({ verdict }) => verdict)).toEqual([
      'passed',
      'passed',
    ]);
    const bound = bindToTree(resolved, buildAccount({}).tree);
    expect(runAccountTests(bound, now).map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
  });
});
