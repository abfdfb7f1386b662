import { expect, test } from 'vitest';
import { emailName } from '../../../src/core/domain/account/email.ts';
import { cutsOf, endOf, otherMentions, spellingIn } from '../../../src/core/infer/offboard.ts';
import { policyText, validPolicy } from '../validate/policy-text.ts';

const TEXT = policyText(`unlisted: { revoke: [Ann@x.test, "*@y.test"] }
observe: [Ann@x.test, "*@z.test", bob@x.test]
never:
  - { who: Ann@x.test, resource: account, level: admin }
  - { who: "*@x.test", resource: billing, level: admin }
require:
  - { for: { who: Ann@x.test }, reason: "*" }
  - { for: { level: admin }, reason: "*" }
groups: { qa: [Ann@x.test, token:ci], all: [group:qa] }
tokens: { ci: { access: 1, token: 2 } }
grants: [{ to: [group:all, bob@x.test], resource: "project:A", level: viewer, reason: r }]
tests: [{ who: Ann@x.test, resource: "project:A", expect: viewer }, { who: token:ci, resource: "project:A", expect: viewer }]`);
const POLICY = validPolicy(TEXT);

test('what names someone is cut, or listed for a person to look at', () => {
  const ann = emailName('ann@x.test');
  expect(cutsOf(POLICY, ann).map((edit) => 'at' in edit && edit.at.line)).toEqual([14, 7]);
  expect(otherMentions(POLICY, ann).map(({ key, at }) => `${key} ${at.line}`)).toEqual([
    'unlisted 6',
    'never 9',
    'require 12',
    'tests 17',
  ]);
  expect(spellingIn({ file: 'p.yaml', text: TEXT }, ann)).toBe('Ann@x.test');
  expect(endOf(POLICY, ann)).toBeNull();
});

test('the spelling of an included file counts', () => {
  const included = [{ path: 'a.yaml', source: { file: 'a.yaml', text: 'to: [ANN@y.test]' } }];
  expect(spellingIn({ file: 'p.yaml', text: TEXT, included }, emailName('ann@y.test'))).toBe('ANN@y.test');
  expect(spellingIn({ file: 'p.yaml', text: 'version: 1' }, emailName('ann@y.test'))).toBe('ann@y.test');
});

test('who is named nowhere is spelled in lower case', () => {
  expect(
    spellingIn({ file: 'p.yaml', text: TEXT, included: [{ path: 'a', failure: 'gone' }] }, emailName('New@x.test')),
  ).toBe('new@x.test');
  expect(otherMentions(validPolicy(policyText()), emailName('new@x.test'))).toEqual([]);
});
