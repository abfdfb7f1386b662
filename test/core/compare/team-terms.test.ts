import { expect, test } from 'vitest';
import { compareTerms } from '../../../src/core/compare/compare-terms.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { includedFile, policyText, validate } from '../validate/policy-text.ts';

function terms(old: string, next: string): readonly string[] {
  const [before, after] = [old, next].map((text) => {
    const files = ['a', 'b'].map((name) => includedFile(`${name}.yaml`, 'team', 'grants: []'));
    const checked = validate(policyText(text), files);
    if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join('\n'));
    return resolvePolicy(checked.value);
  });
  return compareTerms(before as never, after as never).map(({ term, effect, what }) => `${effect} ${term} ${what}`);
}

const team = (name: string, more: string) => `  - { team: ${name}.yaml, as: ${name}, ${more} }\n`;
const TOKENS = 'tokens: { ci: { access: 1, token: 2 } }\n';

test('what a team may decide from now on is a loosening, and comes first', () => {
  const old = `include:\n${team('a', 'may: ["project:A", token:ci], upTo: admin')}${TOKENS}`;
  const next = `include:\n${team('a', 'may: ["project:A", "domain:x.test"]')}${team('b', 'may: [account]')}${TOKENS}`;
  expect(terms(old, next)).toEqual([
    'loosens include + team a: viewer on domain:x.test',
    'loosens include + team b: viewer on account',
    'tightens include - team a: admin on project:A',
    'tightens include - team a: token:ci',
  ]);
});

test('a requirement that is gone or weaker is a loosening', () => {
  const old = 'require: [{ for: { level: admin }, reason: "OPS-*", maxDays: 30 }]';
  const next = 'require: [{ for: { level: admin }, maxDays: 60 }, { for: { who: "*@x.test" }, reason: "*" }]';
  expect(terms(old, next)).toEqual([
    'loosens require - admin: a reason like OPS-*',
    'loosens require admin: 30 days at most → 60 days at most',
    'tightens require + viewer for *@x.test: a reason like *',
  ]);
  const days = (...most: readonly number[]) =>
    `require: [${most.map((one) => `{ for: { resource: account, level: admin }, maxDays: ${one} }`).join(', ')}]`;
  expect(terms(days(60), days(30))).toEqual(['tightens require admin on account: 60 days at most → 30 days at most']);
  expect(terms(days(30, 60), days(60, 30))).toEqual([]);
  expect(terms(days(30, 60), days(60))).toEqual([
    'loosens require admin on account: 30 days at most → 60 days at most',
  ]);
});

test('who leaves a group has less asked of them', () => {
  const rule = 'require: [{ for: { who: "group:g" }, reason: "*", maxDays: 9 }]';
  const group = (...members: readonly string[]) => `groups: { g: [${members.join(', ')}] }\n${rule}`;
  expect(terms(group('ann@x.test', 'bob@x.test'), group('bob@x.test', 'cy@x.test'))).toEqual([
    'loosens require - viewer for group:g, ann@x.test: a reason like *',
    'loosens require - viewer for group:g, ann@x.test: 9 days at most',
    'tightens require + viewer for group:g, cy@x.test: a reason like *',
    'tightens require + viewer for group:g, cy@x.test: 9 days at most',
  ]);
});

test('the same person in another spelling has the same asked of them', () => {
  const of = (who: string) => `require: [{ for: { who: "${who}" }, reason: "*" }]`;
  expect(terms(of('ann@X.test'), of('ann@x.test'))).toEqual([]);
});
