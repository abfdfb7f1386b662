import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse-document.ts';
import { MAX_PROBLEMS } from '../../../src/core/domain/text/found-problems.ts';
import { validatePolicy } from '../../../src/core/validate/validate-policy.ts';
import { checkPolicyShape, codesIn, codesOf, policyText, validate, validPolicy } from './policy-text.ts';

const FULL = `version: 1
account: 3229
mode: authoritative
protected: [Owner@Example.com, token:ci]
limits:
  revokes: { principals: 5, percent: 20 }
  admins: 2
manage: ["project:*"]
ignore: ["*@Contractor.example", eve@example.com, "domain:legacy.example.com", "inbox:Sand*box/*", "project:#7"]
never:
  - { who: "token:*", resource: account, level: admin }
  - { who: "*@Example.org", resource: billing, level: viewer }
  - { who: group:qa, resource: "inbox:#5", level: admin }
  - { who: token:ci, resource: campaigns, level: viewer }
  - { who: mallory@example.com, resource: account, level: viewer }
groups:
  qa: [ann@example.com, token:ci]
  leads: [group:qa]
ends:
  Bob@example.com: 2026-12-31
tokens:
  ci: { access: 5142, token: 2496915 }
roles:
  tester:
    - { resource: [project:A, "project:B/C"], level: viewer }
    - { resource: "inbox:A/Load [test]", level: admin }
grants:
  - to: group:leads
    role: tester
    reason: OPS-123
  - to: [ann@example.com, Bob@example.com]
    resource: project:Mobile *
    except: project:Mobile Legacy
    level: admin
    from: 2026-11-01
    until: 2026-12-31T18:00:00+02:00
tests:
  - { who: ann@example.com, resource: account, expect: none, at: 2027-01-15 }
approvals: []
unlisted: keep
paused: true
`;

describe('a valid policy', () => {
  const policy = validPolicy(FULL);

  it('is plain data, folded and with places', () => {
    expect(policy).toMatchObject({
      file: 'policy.yaml',
      account: 3229,
      mode: 'authoritative',
      protected: [{ email: 'owner@example.com' }, { token: 'ci' }],
      limits: {
        revokes: { principals: 5, percent: 20 },
        gains: { principals: 20, percent: null },
        admins: 2,
        newAdmins: 1,
      },
      unlisted: { revoke: 'nobody' },
      groups: [
        {
          name: 'qa',
          members: [{ member: { email: 'ann@example.com' } }, { member: { token: 'ci' } }],
          at: { line: 17, column: 3 },
        },
        { name: 'leads', members: [{ member: { group: 'qa' }, at: { line: 18, column: 11, length: 8 } }] },
      ],
      ends: [{ email: 'bob@example.com', end: { at: Date.UTC(2027, 0, 1), text: '2026-12-31' } }],
      tokens: [{ name: 'ci', access: 5142, tokenId: 2496915 }],
      approvals: [],
      paused: true,
    });
  });

  it('keeps what a resource means', () => {
    expect(policy.ignore.people.map(({ pattern }) => pattern.text)).toEqual([
      '*@contractor.example',
      'eve@example.com',
    ]);
    expect(policy.ignore.resources.map(({ selector }) => selector)).toEqual([
      { type: 'domain', name: { text: 'legacy.example.com', parts: ['legacy.example.com'] } },
      { type: 'inbox', project: { text: 'Sand*box', parts: ['Sand', 'box'] }, name: { text: '*', parts: ['', ''] } },
      { type: 'project', id: 7 },
    ]);
    expect(policy.never.map(({ who, whoText }) => [who.kind, whoText])).toEqual([
      ['tokens', 'token:*'],
      ['emails', '*@Example.org'],
      ['group', 'group:qa'],
      ['principal', 'token:ci'],
      ['principal', 'mallory@example.com'],
    ]);
    expect(policy.roles[0]?.resources.map(({ resource, level }) => `${resource.text} ${level}`)).toEqual([
      'project:A viewer',
      'project:B/C viewer',
      'inbox:A/Load [test] admin',
    ]);
  });

  it('keeps when a grant begins and ends', () => {
    expect(policy.grants[1]).toMatchObject({
      from: { at: Date.UTC(2026, 10, 1) },
      until: { at: Date.UTC(2026, 11, 31, 16) },
      reason: null,
    });
    expect(policy.grants[0]).toMatchObject({ gives: { role: 'tester' }, from: null, until: null, reason: 'OPS-123' });
    expect(policy.tests[0]?.moment?.at).toBe(Date.UTC(2027, 0, 15));
  });

  it('needs neither grants nor any section that is not required', () => {
    const least = validPolicy(policyText('', { mode: 'additive' }));
    expect(least).toMatchObject({ manage: null, grants: [], groups: [], never: [], paused: false });
    expect(least.unlisted).toMatchObject({ revoke: 'nobody', at: { line: 1 } });
  });

  it('says whom of the unlisted it takes from', () => {
    const unlistedOf = (text: string) => validPolicy(policyText(`unlisted: ${text}`)).unlisted;
    expect(unlistedOf('keep')).toMatchObject({ revoke: 'nobody', at: { line: 6 } });
    expect(unlistedOf('revoke')).toMatchObject({ revoke: 'everyone', at: { line: 6 } });
    expect(unlistedOf('{ revoke: ["*@Example.com", eve@example.net] }').revoke).toMatchObject([
      { pattern: { text: '*@example.com' }, at: { line: 6, column: 22 } },
      { pattern: { text: 'eve@example.net' }, at: { line: 6, column: 39 } },
    ]);
  });

  it.each(['authoritative', 'observe'])('must say it in mode %s, at the place of the mode', (mode) => {
    const text = policyText('', { mode }).replace('unlisted: keep\n', '');
    expect(codesIn(text)).toEqual(['unlisted-missing 3:7']);
  });

  it('need not say it in mode additive, and cannot take anything there', () => {
    expect(codesIn(policyText('', { mode: 'additive' }))).toEqual([]);
    expect(codesIn(policyText('unlisted: keep', { mode: 'additive' }))).toEqual([]);
    expect(codesIn(policyText('unlisted: revoke', { mode: 'additive' }))).toEqual(['revoke-needs-authoritative 6:11']);
    const patterns = 'unlisted: { revoke: ["*@example.com"] }';
    expect(codesIn(policyText(patterns, { mode: 'additive' }))).toEqual(['revoke-needs-authoritative 6:11']);
  });

  it('may take in mode observe, which plans like authoritative', () => {
    expect(codesIn(policyText('unlisted: revoke', { mode: 'observe' }))).toEqual([]);
  });

  it('is not told to say it where its mode, or a misspelling of it, is the problem', () => {
    const without = (head: Parameters<typeof policyText>[1], key = '') =>
      codesIn(policyText('', head).replace('unlisted: keep\n', key));
    expect(without({ mode: 'authoritive' })).toEqual(['bad-value 3:7']);
    expect(without({}, 'unlistd: keep\n')).toEqual(['unknown-key 6:1']);
    expect(without({}).concat(codesIn(policyText().replace('mode: authoritative\nprot', 'prot')))).toEqual([
      'unlisted-missing 3:7',
      'missing-key 1:1',
    ]);
  });

  it('may say newAdmins, unlisted principals and fractions of a second', () => {
    const policy = validPolicy(
      policyText(
        'unlisted: keep\ngrants:\n  - { to: ann@example.com, resource: account, level: viewer, until: 2026-12-31T00:00:00.5Z }',
        {
          limits: '{ revokes: { principals: 1, percent: 1 }, admins: 1, newAdmins: 0 }',
        },
      ),
    );
    expect(policy.limits.newAdmins).toBe(0);
    expect(policy.grants[0]?.until?.at).toBe(Date.UTC(2026, 11, 31) + 500);
  });

  it.each([
    ['{ principals: 5 }', { principals: 5, percent: null }],
    ['{ percent: 30 }', { principals: 20, percent: 30 }],
    ['{ principals: 5, percent: 30 }', { principals: 5, percent: 30 }],
  ])('may say who may gain something, by number or share: gains: %s', (gains, read) => {
    const limits = `{ revokes: { principals: 1, percent: 1 }, gains: ${gains}, admins: 1 }`;
    expect(validPolicy(policyText('grants: []', { limits })).limits.gains).toEqual(read);
  });
});

describe('leap days', () => {
  const until = (date: string) =>
    codesIn(policyText(`grants:\n  - { to: a@b.c, resource: account, level: viewer, until: ${date} }`));

  it.each(['2028-02-29', '2000-02-29', '2999-12-31'])('%s exists', (date) => {
    expect(until(date)).toEqual([]);
  });

  it.each(['2026-02-29', '2100-02-29', '2026-04-31', '1999-12-31', '3000-01-01', '2026-00-10', '2026-01-00'])(
    '%s is refused',
    (date) => {
      expect(until(date)).toEqual(['bad-date 7:59']);
    },
  );
});

describe('a consequence of another problem', () => {
  it.each([
    [
      'a group whose members cannot be read is still declared',
      'groups:\n  qa: 5\ngrants:\n  - { to: group:qa, resource: account, level: viewer }',
      ['wrong-type 7:7'],
    ],
    [
      'a role that cannot be read is still declared',
      'roles:\n  r: 5\ngrants:\n  - { to: a@b.c, role: r }',
      ['wrong-type 7:6'],
    ],
    [
      'a section of another kind declares what nobody can know',
      'groups: 5\ngrants:\n  - { to: group:qa, resource: account, level: viewer }',
      ['wrong-type 6:9'],
    ],
    [
      'a misspelled section as well',
      'gruops:\n  qa: [a@b.c]\ngrants:\n  - { to: group:qa, resource: account, level: viewer }',
      ['unknown-key 6:1'],
    ],
    [
      'a misspelled reference is no unused group',
      'groups:\n  quality: [a@b.c]\ngrants:\n  - { to: group:qualty, resource: account, level: viewer }',
      ['unknown-group 9:11'],
    ],
    ['a number where a role should stand', 'grants:\n  - { to: a@b.c, role: 5 }', ['unquoted-text 7:24']],
    [
      'a broken value has one problem',
      'tokens:\n  a: { access: 007, token: 9007199254740992 }',
      ['ambiguous-number 7:16', 'unsafe-integer 7:28'],
    ],
    [
      'a broken list item too',
      'groups:\n  qa: [*x, !y z]\ngrants:\n  - { to: group:qa, resource: account, level: viewer }',
      ['star-is-alias 7:8', 'yaml-tag 7:12'],
    ],
    ['an alias in place of a section', 'groups: *x', ['star-is-alias 6:9']],
    ['a grant that is no map', 'grants: [x]', ['wrong-type 6:10']],
    ['an end without a date', 'ends:\n  a@b.c:', ['wrong-type 7:3']],
    ['a number in place of digests', 'approvals:\n  - { digests: [5], until: 2026-01-01 }', ['unquoted-text 7:17']],
    ['somebody who is nobody', 'never:\n  - { who: "group:a b", resource: account, level: admin }', ['bad-name 7:12']],
  ])('%s', (_, sections, expected) => {
    expect(codesIn(policyText(sections))).toEqual(expected);
  });

  it('does not hide who is protected', () => {
    expect(codesIn(policyText('', { protected: '[nobody, token:a b]' }))).toEqual([
      'bad-principal 4:13',
      'bad-name 4:21',
    ]);
  });
});

describe('names', () => {
  const resource = (text: string) => codesIn(policyText(`manage:\n  - ${text}`, { mode: 'additive' }));

  it.each([
    '"project:[a]{b}, c #d: e"',
    "'project:it''s'",
    '"project:a/b"',
    '"project:🚀"',
    '"inbox:A*/*"',
    'billing',
    '"billing:#5"',
    '"domain:*"',
    'project:#4001',
    "'project:a\\b'",
  ])('%s is a resource', (text) => {
    expect(resource(text)).toEqual([]);
  });

  it.each([
    ['"project:a\\nb"', 'control-character'],
    ['"domain:"', 'bad-resource'],
    ['"project:\\u2028"', 'control-character'],
    ['"project:"', 'bad-resource'],
    ['"inbox:"', 'bad-resource'],
    ['"inbox:a/ b"', 'bad-resource'],
    ['": "', 'bad-resource'],
    ['"accounts"', 'bad-resource'],
  ])('%s is none', (text, code) => {
    expect(resource(text)).toEqual([`${code} 7:5`]);
  });
});

describe('the bounds of what is compared', () => {
  it('drops warnings, never errors, if a file contains more pairs than people write', () => {
    const wants = Array.from({ length: 450 }, (_, index) => `{ resource: project:p${index}, level: viewer }`).join(
      ', ',
    );
    const excepts = Array.from({ length: 30 }, (_, index) => `project:q${index}`).join(', ');
    const { problems } = validate(
      policyText(`roles:\n  r: [${wants}]\ngrants:\n  - { to: a@b.c, role: r, except: [${excepts}] }`),
    );
    expect(problems.map(({ code }) => code)).toEqual(Array(22).fill('except-without-effect'));
  });

  it('suggests names for the first hundred unknown ones, and then calls no group unused', () => {
    const members = Array.from({ length: 150 }, () => 'group:qaa').join(', ');
    const { problems } = validate(
      policyText(
        `groups:\n  qa: [a@b.c]\n  x: [group:y]\n  y: []\ngrants:\n  - { to: [${members}], resource: account, level: viewer }`,
      ),
    );
    const errors = problems.filter(({ code }) => code === 'unknown-group');
    expect(errors).toHaveLength(150);
    expect(errors.filter(({ remedy }) => remedy === 'did you mean qa?')).toHaveLength(100);
    expect(problems.some(({ code }) => code === 'unused-group')).toBe(false);
  });

  it('stops looking for what undoes an `except`', () => {
    const grant = '  - { to: a@b.c, resource: "project:*", except: project:X, level: viewer }';
    const { problems } = validate(
      policyText(`grants:\n${Array(400).fill(grant).join('\n')}\n  - { to: a@b.c, resource: account, level: admin }`),
    );
    expect(problems.filter(({ code }) => code === 'except-undone').length).toBeLessThan(400);
  });
});

describe('reported problems', () => {
  it('are at most so many, errors first, and the last one says how many more there are', () => {
    const members = Array.from({ length: MAX_PROBLEMS + 10 }, (_, index) => `x${index}`).join(', ');
    const { problems } = validate(policyText(`grants:\n  - { to: [${members}], resource: project:1, level: viewer }`));
    expect(problems).toHaveLength(MAX_PROBLEMS + 1);
    expect(problems.at(-1)).toMatchObject({ code: 'too-many-problems', message: '11 more problems are not shown' });
    expect(problems.every(({ severity }) => severity === 'error')).toBe(true);
  });

  it('leave a policy valid if all of them are warnings', () => {
    const groups = Array.from({ length: MAX_PROBLEMS + 1 }, (_, index) => `  g${index}: [a@b.c]`).join('\n');
    const { ok, problems } = validate(policyText(`groups:\n${groups}\ngrants: []`));
    expect(ok).toBe(true);
    expect(problems).toHaveLength(MAX_PROBLEMS + 1);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('are cut where they repeat a long text', () => {
    const { problems } = validate(policyText(`manage:\n  - ${'x'.repeat(2000)}`));
    expect(problems[0]?.message).toHaveLength(301);
  });
});

describe('a schema that lets everything pass', () => {
  const lax = (text: string) => codesOf(validatePolicy({ file: 'p.yaml', text }, () => []).problems);

  it.each([
    'a: 1\n',
    '- a\n',
    'text\n',
    policyText('', { account: 'x' }),
    policyText('', { mode: 'x' }),
    policyText('', { limits: '5' }),
    policyText('grants: 5'),
    policyText('grants:\n  - { to: [], resource: account, level: viewer }'),
    policyText('grants:\n  - { to: a@b.c, resource: [], level: viewer }'),
    policyText('grants:\n  - { to: a@b.c, resource: account, level: owner }'),
    policyText('groups: 5'),
    policyText('tests:\n  - {}'),
    policyText('never:\n  - {}'),
    policyText('approvals:\n  - {}'),
    policyText('ends:\n  a@b.c: []'),
    policyText().replace('paused: false', 'paused: no'),
    policyText().replace(/protected.*\n/, ''),
  ])('%j is refused all the same', (text) => {
    expect(lax(text)).toEqual(['wrong-type 1:1']);
  });
});

describe('places', () => {
  it('count from 1, behind a byte order mark', () => {
    expect(parseDocument({ file: 'a', text: '\uFEFFa: 1' }).root?.at).toEqual({
      file: 'a',
      line: 1,
      column: 1,
      length: 4,
    });
  });

  it('are those of the policy and not of the schema', () => {
    expect(checkPolicyShape).toBeTypeOf('function');
  });
});
