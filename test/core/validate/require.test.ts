import { expect, test } from 'vitest';
import { includedFile, policyText, validate } from './policy-text.ts';

const RULE = 'require: [{ for: { resource: "project:A" }, reason: "OPS-*", maxDays: 30 }]\n';

function messages(text: string): readonly string[] {
  const { problems } = validate(policyText(RULE + text));
  return problems.filter(({ code }) => code === 'requirement-unmet').map(({ message }) => message);
}

const grant = (resource: string, more = '') =>
  `grants: [{ to: ann@x.test, resource: ${resource}, level: viewer, from: 2026-12-01, until: 2026-12-30${more} }]`;

test('is about grants on, above and below the resource, and on any id of its type', () => {
  for (const resource of ['"project:A"', 'account', '"inbox:A/x"', '"project:#7"', '"project:*"', '"inbox:#3"'])
    expect(messages(grant(resource)), resource).toHaveLength(1);
  for (const resource of ['"project:B"', '"domain:A"', 'billing'])
    expect(messages(grant(resource)), resource).toEqual([]);
  expect(messages(grant('"project:A*"', ', except: ["project:A*"]'))).toEqual([]);
});

test('is met by a reason that fits and an end in time', () => {
  expect(messages(grant('"project:A"', ', reason: OPS-1'))).toEqual([]);
  expect(messages(grant('"project:A"', ', reason: "OPS-"'))).toHaveLength(1);
});

test('holds for the files of teams, with the place in the team’s file', () => {
  const text = policyText(`${RULE}include: [{ team: a.yaml, as: a, may: ["project:A"] }]`);
  const { problems } = validate(text, [
    includedFile('a.yaml', 'team', 'grants: [{ to: ann@x.test, resource: "project:A", level: viewer, reason: OPS-1 }]'),
  ]);
  expect(problems.map(({ code, at, message }) => [code, at.file, message.split('`require` ')[1]])).toEqual([
    [
      'requirement-unmet',
      'a.yaml',
      '(policy.yaml:6: viewer on project:A) asks for 30 days at most, and it has no `from`, so nobody knows since when it counts',
    ],
  ]);
});

test('groups that are nested too deep, or in a circle, end the search', () => {
  const chain = Array.from({ length: 40 }, (_, index) => `g${index}: [group:g${index + 1}]`).join(', ');
  expect(
    messages(
      `groups: { ${chain}, g40: [ann@x.test] }\ngrants: [{ to: group:g0, resource: "project:A", level: viewer }]`,
    ),
  ).toEqual([]);
  const circle = 'groups: { a: [group:b, ann@x.test], b: [group:a, group:gone] }\n';
  expect(messages(`${circle}grants: [{ to: [group:a, group:b], resource: "project:A", level: viewer }]`)).toHaveLength(
    2,
  );
});
