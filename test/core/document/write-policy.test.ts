import { expect, it } from 'vitest';
import { commentText, wrapped, writeFlowGrants, writePolicy } from '../../../src/core/document/write-policy.ts';
import type { ImportedPolicy } from '../../../src/core/domain/policy/imported-policy.ts';
import { validate } from '../validate/policy-text.ts';

const EMPTY: ImportedPolicy = {
  account: 3229,
  summary: [],
  protected: [],
  limits: { revokes: { principals: 3, percent: 20 }, gains: { principals: 5 }, admins: 1, newAdmins: 1 },
  groups: [],
  tokens: [],
  roles: [],
  grants: [],
  notes: [],
};

const plain = (text: string) => ({ text, remark: null });

/** The policy without its head. */
function bodyOf(policy: Partial<ImportedPolicy>): string {
  const text = writePolicy({ ...EMPTY, ...policy });
  expect(validate(text).problems, text).toEqual([]);
  return text.slice(text.indexOf('newAdmins: 1\n') + 'newAdmins: 1\n'.length);
}

it('an empty policy has what is required, and paused last', () => {
  const text = writePolicy(EMPTY);
  expect(text).toContain('\nprotected: []\n');
  expect(text).not.toMatch(/^(groups|tokens|roles|grants):/m);
  expect(text.endsWith('is invalid.\npaused: false\n')).toBe(true);
  expect(validate(text).problems).toEqual([]);
});

it('writes every section in its order, and lists in brackets if they fit on a line and have no remark', () => {
  const members = Array.from({ length: 8 }, (_, index) => `person-${index}@example.com`);
  const body = bodyOf({
    groups: [
      { name: 'short', members: ['ann@example.com', 'bob@example.com'] },
      { name: 'long', members },
    ],
    tokens: [{ name: 'ci', access: 5142, tokenId: 2496915 }],
    roles: [
      {
        name: 'tester',
        entries: [
          { resources: [plain('project:Checkout')], level: 'viewer' },
          { resources: [plain('inbox:A, B/[x]'), plain('inbox:A/y')], level: 'admin' },
        ],
      },
    ],
    grants: [
      { to: ['group:short', 'group:long', 'token:ci'], gives: { role: 'tester' } },
      {
        to: ['ann@example.com'],
        gives: { resources: [plain('billing'), { text: 'project:#4001', remark: 'Twin (one of 2)' }], level: 'admin' },
      },
    ],
    notes: [{ says: 'Something is said:', items: ['of this', 'of\nthat'] }],
  });
  expect(body.replace(/^# .*\n(?=\w)/gm, '')).toBe(`
groups:
  short: [ann@example.com, bob@example.com]
  long:
${members.map((member) => `    - ${member}\n`).join('')}
tokens:
  ci:
    access: 5142
    token: 2496915

roles:
  tester:
    - resource: project:Checkout
      level: viewer
    - resource: ["inbox:A, B/[x]", inbox:A/y]
      level: admin

grants:
  - to: [group:short, group:long, token:ci]
    role: tester
  - to: ann@example.com
    resource:
      - billing
      - "project:#4001" # Twin (one of 2)
    level: admin

# Something is said:
#   - of this
#   - of\\u{a}that

paused: false
`);
});

it('grants in brackets have no comments, which would end the line', () => {
  const resource = { text: 'project:#4001', remark: 'Twin' };
  expect(writeFlowGrants([{ to: ['a@x.test', 'b@x.test'], gives: { resources: [resource], level: 'admin' } }])).toBe(
    '{to: [a@x.test, b@x.test], resource: "project:#4001", level: admin}',
  );
});

it('a comment shows invisible characters, and has a bounded length', () => {
  expect(commentText('a\u200bb\ud800\ufffd')).toBe('a\\u{200b}b\\u{d800}\\u{fffd}');
  expect(commentText('x'.repeat(401))).toBe(`${'x'.repeat(400)}…`);
  expect(commentText(`${'x'.repeat(399)}😀`)).toBe(`${'x'.repeat(399)}…`);
});

it('sentences are wrapped between words', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('unbreakable', 3)).toEqual(['unbreakable']);
});
