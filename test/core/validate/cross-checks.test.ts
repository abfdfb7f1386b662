import { describe, expect, it } from 'vitest';
import { codesIn, policyText } from './policy-text.ts';

const check = (sections: string, head = {}) => codesIn(policyText(sections, head));

describe('except', () => {
  const entry = (resource: string, except: string) =>
    check(`grants:\n  - { to: a@b.c, resource: ${resource}, except: ${except}, level: viewer }`).map(
      (one) => one.split(' ')[0],
    );

  it.each([
    ['"project:*"', 'project:X', []],
    ['"project:Mobile *"', '"project:* Legacy"', []],
    ['"inbox:A/*"', 'inbox:A/x', []],
    ['"inbox:*/*"', 'project:A', []],
    ['"project:#1"', 'project:A', []],
    ['"project:#1"', '"inbox:#2"', ['except-without-effect']],
    ['project:A', 'inbox:A/x', ['except-below-grant']],
    ['"project:*"', '"inbox:A/*"', ['except-below-grant']],
    ['project:A', '"inbox:*/x"', ['except-without-effect']],
    ['account', 'campaigns', ['except-below-grant']],
    ['account', 'account', ['except-takes-all']],
    ['["project:*", account]', 'account', ['except-takes-all']],
    ['[project:A, inbox:A/x]', '[project:A, inbox:A/x]', ['except-takes-all']],
    ['[project:A, project:B]', '[project:A]', []],
    ['domain:a', 'project:a', ['except-without-effect']],
    ['domain:A', 'domain:a', ['except-takes-all']],
  ])('%s, except %s: %j', (resource, except, expected) => {
    expect(entry(resource, except)).toEqual(expected);
  });

  it('looks at what a role gives, where it can be read', () => {
    const grants = 'grants:\n  - { to: a@b.c, role: r, except: inbox:A/x }';
    expect(check(`roles:\n  r: [{ resource: project:A, level: viewer }]\n${grants}`)).toEqual([
      'except-below-grant 9:35',
    ]);
    expect(check(`roles: 5\n${grants}`)).toEqual(['wrong-type 6:8']);
    expect(check(grants)).toEqual(['unknown-role 7:24']);
  });

  const undone = (other: string) =>
    check(
      `groups:\n  qa: [a@b.c]\ngrants:\n  - { to: group:qa, resource: "project:*", except: project:X, level: viewer }\n  - ${other}`,
    );

  it.each([
    '{ to: a@b.c, resource: project:X, level: viewer }',
    '{ to: a@b.c, resource: account, level: admin }',
    '{ to: [z@b.c, group:qa], resource: "project:*", level: viewer }',
    '{ to: a@b.c, resource: "project:*", except: project:Y, level: viewer }',
  ])('is undone by %s', (other) => {
    expect(undone(other)).toContain('except-undone 9:52');
  });

  it.each([
    '{ to: z@b.c, resource: project:X, level: viewer }',
    '{ to: a@b.c, resource: "project:Y*", level: viewer }',
    '{ to: a@b.c, resource: "inbox:X/*", level: viewer }',
    '{ to: a@b.c, resource: "project:*", except: project:X, level: viewer }',
  ])('is not undone by %s', (other) => {
    expect(undone(other)).toEqual([]);
  });

  it('is not undone by a lower level', () => {
    expect(
      check(
        'grants:\n  - { to: a@b.c, resource: "project:*", except: project:X, level: admin }\n  - { to: a@b.c, resource: project:X, level: viewer }',
      ),
    ).toEqual([]);
  });
});

describe('never', () => {
  const broken = (rule: string, grant: string) =>
    check(
      `tokens:\n  ci: { access: 1, token: 2 }\ngroups:\n  qa: [a@b.c]\n  all: [group:qa, z@b.c]\nnever:\n  - ${rule}\ngrants:\n  - ${grant}\n  - { to: group:all, resource: domain:harmless, level: viewer }`,
    ).map((one) => one.split(' ')[0]);

  it.each([
    ['{ who: a@b.c, resource: account, level: admin }', '{ to: a@b.c, resource: account, level: admin }'],
    [
      '{ who: A@b.c, resource: account, level: viewer }'.replace('A@', 'a@'),
      '{ to: a@b.c, resource: account, level: admin }',
    ],
    ['{ who: "*@b.c", resource: billing, level: viewer }', '{ to: a@b.c, resource: account, level: viewer }'],
    [
      '{ who: "token:c*", resource: project:X, level: viewer }',
      '{ to: token:ci, resource: "project:*", level: viewer }',
    ],
    ['{ who: group:qa, resource: inbox:X/y, level: viewer }', '{ to: group:all, resource: project:X, level: viewer }'],
    [
      '{ who: token:ci, resource: "project:P*", level: viewer }',
      '{ to: token:ci, resource: "project:Prod*", level: viewer }',
    ],
    [
      '{ who: a@b.c, resource: project:X, level: viewer }',
      '{ to: a@b.c, resource: "project:*", except: project:Y, level: viewer }',
    ],
    [
      '{ who: a@b.c, resource: project:X, level: viewer }',
      '{ to: a@b.c, resource: account, level: viewer, until: 2020-01-01 }',
    ],
  ])('%s is broken by %s', (rule, grant) => {
    expect(broken(rule, grant)).toEqual(['never-broken']);
  });

  it.each([
    ['{ who: a@b.c, resource: account, level: admin }', '{ to: a@b.c, resource: account, level: viewer }'],
    ['{ who: z@b.c, resource: account, level: admin }', '{ to: a@b.c, resource: account, level: admin }'],
    ['{ who: a@b.c, resource: project:X, level: viewer }', '{ to: a@b.c, resource: inbox:X/y, level: viewer }'],
    [
      '{ who: a@b.c, resource: project:X, level: viewer }',
      '{ to: a@b.c, resource: "project:*", except: project:X, level: viewer }',
    ],
    [
      '{ who: a@b.c, resource: "project:X*", level: viewer }',
      '{ to: a@b.c, resource: [project:XY, project:Z], except: project:XY, level: viewer }',
    ],
    [
      '{ who: a@b.c, resource: project:X, level: viewer }',
      '{ to: a@b.c, resource: "project:*", except: "project:#4001", level: viewer }',
    ],
    [
      '{ who: a@b.c, resource: "project:#4001", level: viewer }',
      '{ to: a@b.c, resource: "project:*", except: project:X, level: viewer }',
    ],
    [
      '{ who: a@b.c, resource: "project:*", level: viewer }',
      '{ to: a@b.c, resource: "project:P*", except: "project:#4001", level: viewer }',
    ],
    ['{ who: a@b.c, resource: "project:*d", level: viewer }', '{ to: a@b.c, resource: "project:P*", level: viewer }'],
    ['{ who: "*@b.c", resource: account, level: viewer }', '{ to: token:ci, resource: account, level: viewer }'],
    ['{ who: "token:*", resource: account, level: viewer }', '{ to: a@b.c, resource: account, level: viewer }'],
  ])('%s is kept by %s', (rule, grant) => {
    expect(broken(rule, grant)).toEqual([]);
  });

  it('about a group that is not declared is an unknown group, and no more', () => {
    expect(
      check(
        'never:\n  - { who: group:qa, resource: account, level: admin }\ngrants:\n  - { to: a@b.c, resource: account, level: admin }',
      ),
    ).toEqual(['unknown-group 7:12']);
  });
});

describe('ignore and manage', () => {
  it('lets a pattern or an id skip what is ignored, and a name not', () => {
    const given = (resource: string) =>
      check(
        `ignore: ["project:Old *", "project:#7"]\ngrants:\n  - { to: a@b.c, resource: ${resource}, level: viewer }`,
      );
    expect(given('"project:Old*"')).toEqual([]);
    expect(given('"project:#8"')).toEqual([]);
    expect(given('"project:#7"')).toEqual(['grants-ignored 8:28']);
    expect(given('project:Old Shop')).toEqual(['grants-ignored 8:28']);
    expect(given('inbox:Old Shop/x')).toEqual(['grants-ignored 8:28']);
  });

  it('warns of what `manage` leaves out for certain', () => {
    const given = (resource: string) =>
      check(`manage: ["project:*", "inbox:#1"]\ngrants:\n  - { to: a@b.c, resource: ${resource}, level: viewer }`);
    expect(given('account')).toEqual(['outside-manage 8:28']);
    expect(given('domain:a.example')).toEqual(['outside-manage 8:28']);
    expect(given('inbox:A/b')).toEqual([]);
    expect(given('"domain:*"')).toEqual([]);
  });

  it('knows people by e-mail and by pattern, whatever the case', () => {
    expect(
      check(
        'ignore: [Eve@x.org, "*@Y.org"]\ngrants:\n  - { to: [zoe@y.org, "a@b.c", Eve@x.org], resource: account, level: viewer }',
      ),
    ).toEqual(['grants-ignored 8:12', 'grants-ignored 8:32']);
  });

  it('refuses what is neither an e-mail nor a pattern nor a resource', () => {
    expect(check('ignore: ["a@b@c", "*@", "Ann <a@b.c>", nobody, 5, "project:a@b"]')).toEqual([
      'bad-principal 6:10',
      'bad-principal 6:19',
      'bad-principal 6:25',
      'bad-resource 6:40',
      'unquoted-text 6:48',
    ]);
  });
});

describe('groups', () => {
  it('may be named twice and form no cycle', () => {
    expect(
      check(
        'groups:\n  a: [group:b, group:c]\n  b: [group:d]\n  c: [group:d]\n  d: [a@b.c]\ngrants:\n  - { to: group:a, resource: account, level: viewer }',
      ),
    ).toEqual([]);
  });

  const grantToFirst = 'grants:\n  - { to: group:g0, resource: account, level: viewer, until: 2026-01-01 }';
  const chain = (length: number, last: string) =>
    Array.from({ length }, (_, index) => `  g${index}: [${index + 1 < length ? `group:g${index + 1}` : last}]`).join(
      '\n',
    );

  it('form a cycle, which is reported once, and contain no one twice', () => {
    expect(check(`groups:\n${chain(30, 'group:g0')}\n${grantToFirst}`)).toEqual(['group-cycle 36:9']);
  });

  it('nest 32 deep and not deeper, and only the first that is too deep is reported', () => {
    expect(check(`groups:\n${chain(32, 'a@example.com')}\n${grantToFirst}`)).toEqual([]);
    expect(check(`groups:\n${chain(33, 'a@example.com')}\n${grantToFirst}`)).toEqual(['groups-too-deep 38:9']);
    expect(check(`groups:\n${chain(900, 'group:g0')}\n${grantToFirst}`)).toEqual(['groups-too-deep 38:9']);
  });

  it('are as deep as their deepest path, in any order', () => {
    const upsideDown = chain(33, 'a@example.com').split('\n').reverse().join('\n');
    expect(check(`groups:\n${upsideDown}\n${grantToFirst}`)).toEqual([expect.stringMatching(/^groups-too-deep /)]);
  });

  it('that are unknown contain no one', () => {
    expect(check('grants:\n  - { to: group:nobody, resource: account, level: viewer, until: 2026-01-01 }')).toEqual([
      'unknown-group 7:11',
    ]);
  });
});

describe('dates', () => {
  it('warns of an end for someone protected, through groups too', () => {
    expect(
      check(
        'groups:\n  all: [a@b.c, owner@example.com]\ngrants:\n  - { to: group:all, resource: account, level: viewer, until: 2026-01-01 }',
      ),
    ).toEqual(['until-on-protected 9:5']);
  });

  it('allows one day', () => {
    expect(
      check('grants:\n  - { to: a@b.c, resource: account, level: viewer, from: 2026-01-01, until: 2026-01-01 }'),
    ).toEqual([]);
  });

  it('warns of ends in additive mode only', () => {
    const sections = 'ends:\n  a@b.c: 2026-01-01';
    expect(check(sections, { mode: 'additive' })).toEqual(['ends-in-additive 7:3']);
    expect(check(sections, { mode: 'observe' })).toEqual([]);
  });
});
