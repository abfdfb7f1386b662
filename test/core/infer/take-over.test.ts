import { describe, expect, it } from 'vitest';
import { type TakenOver, takeOver } from '../../../src/cli/commands/import/take-over.ts';
import { changedTexts, editPolicy } from '../../../src/core/document/edit-policy.ts';
import type { PolicyEdit } from '../../../src/core/domain/policy/imported-policy.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { type AccessSpec, type AccountSpec, buildAccount, type RowsSpec } from '../../support/account-builder.ts';
import { policyText, validate } from '../validate/policy-text.ts';

const NOW = Date.parse('2026-11-24T04:00:00Z');
const VIEWER: RowsSpec = { 'project:#4001': 'viewer' };

/** What becomes of a policy of these sections beside an account with these accesses. */
function updated(
  sections: string,
  accesses: readonly AccessSpec[],
  spec: Omit<AccountSpec, 'accesses'> = {},
): TakenOver {
  return afterText(policyText(sections), accesses, spec);
}

function afterText(text: string, accesses: readonly AccessSpec[], spec: Omit<AccountSpec, 'accesses'> = {}): TakenOver {
  const actual = buildAccount({ apiTokens: [], ...spec, accesses });
  return takeOver({ file: 'policy.yaml', text }, { actual, now: NOW, check });
}

function check({ text }: { readonly text: string }) {
  const checked = validate(text);
  return checked.ok ? { ...checked, value: resolvePolicy(checked.value) } : checked;
}

function ann(rows: RowsSpec = {}): AccessSpec {
  return { access: 1, user: 'ann@example.com', rows };
}

const BOB: AccessSpec = { access: 2, user: 'bob@example.com', rows: VIEWER };
const COMMENT =
  '# grantd import --update added these grants from the account. Move each to where it belongs, or delete it.';

describe('what the account holds beyond the policy is added', () => {
  it('behind the last grant, in its indentation, and every other byte stays', () => {
    const text = policyText(`grants:
    # about ann
    - { to: ann@example.com,  resource: project:Checkout, level: viewer }   # odd   spaces
    # the end`);
    const taken = afterText(text, [ann({ 'project:#4001': 'viewer', 'project:#4002': 'admin' })]);
    expect(taken.source.text).toBe(
      text.replace(
        '# odd   spaces\n',
        `# odd   spaces\n    ${COMMENT}\n    - to: ann@example.com\n      resource: project:Mobile\n      level: admin\n`,
      ),
    );
    expect(taken).toMatchObject({ done: ['added: ann@example.com, admin on project:Mobile'], left: [], differing: 0 });
  });

  it('of those whom the policy does not name, together where they hold the same, and without what it does not manage', () => {
    const taken = updated('manage: ["project:*"]\ngrants: [] # none yet', [
      ann({ 'project:#4001': 'viewer+', 'domain:#7001': 'admin', 'project:#99': 'viewer' }),
      BOB,
    ]);
    expect(taken.source.text).toContain(
      `grants: # none yet\n  ${COMMENT}\n  - to: [ann@example.com, bob@example.com]\n    resource: project:Checkout\n    level: viewer\n`,
    );
    expect(taken).toMatchObject({ left: [], differing: 0 });
  });

  it('and makes room for what could not be taken out before, since no list may become empty', () => {
    const grants = 'grants:\n  - { to: ann@example.com, resource: project:Checkout, level: viewer }';
    const taken = updated(grants, [ann({ 'project:#4002': 'viewer' })]);
    expect(taken.source.text).toContain('  # - { to: ann@example.com, resource: project:Checkout, level: viewer }');
    expect(taken.source.text).toContain('    resource: project:Mobile\n    level: viewer\n');
    expect(taken).toMatchObject({ left: [], differing: 0 });
  });

  it('where there are no grants, before the last line and what is said of it', () => {
    const text = policyText('').replace('paused', '# the switch\npaused');
    const taken = afterText(text, [BOB]);
    expect(taken.source.text).toContain('\n\ngrants:\n  # grantd import --update added');
    expect(taken.source.text.endsWith('    level: viewer\n# the switch\npaused: false\n')).toBe(true);
  });

  it('in brackets where the grants stand in brackets, and with the line ends of the file', () => {
    const flow = updated('grants: [{ to: ann@example.com, resource: project:Checkout, level: viewer }]', [
      ann(VIEWER),
      BOB,
    ]);
    expect(flow.source.text).toContain(
      'level: viewer }, {to: bob@example.com, resource: project:Checkout, level: viewer}]',
    );
    const crlf = afterText(policyText('').replaceAll('\n', '\r\n'), [BOB]);
    expect(crlf.source.text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(crlf.differing).toBe(0);
  });

  it('with the address as the file spells it, and behind a reason of several lines', () => {
    const taken = updated(
      `grants:
  - to: Ann@Example.com
    resource: project:Checkout
    level: viewer
    reason: |
      one

      two`,
      [ann({ 'project:#4001': 'viewer', 'domain:#7001': 'viewer' })],
    );
    expect(taken.source.text).toContain('      two\n  # grantd import --update added');
    expect(taken.source.text).toContain('  - to: Ann@Example.com\n    resource: domain:example.com');
    expect(taken.differing).toBe(0);
  });

  it('for the protected too, whom no plan would lower; a 50 beside their viewer is as near as a policy gets', () => {
    const sections = 'grants:\n  - { to: owner@example.com, resource: project:Checkout, level: viewer }';
    const holder = (rows: RowsSpec) => [{ access: 1, user: 'owner@example.com', rows }];
    expect(updated(sections, holder({ 'project:#4001': 'admin' })).done).toEqual([
      'added: owner@example.com, admin on project:Checkout',
    ]);
    expect(updated(sections, holder({ 'project:#4001': 'viewer+' }))).toMatchObject({
      done: [],
      left: [],
      differing: 0,
    });
    expect(updated(sections, holder({ 'project:#4001': 'viewer', 'project:#4002': 30 })).done).toEqual([]);
  });
});

describe('what is not given again', () => {
  it.each([
    [
      'a grant that has ended',
      'grants:\n  - { to: ann@example.com, resource: project:Checkout, level: viewer, until: 2026-01-01 }',
      7,
    ],
    ['the end of a person', 'ends: { ann@example.com: 2026-01-01 }\ngrants: []', 6],
  ])('%s', (_what, sections, line) => {
    const taken = updated(sections, [ann(VIEWER)]);
    expect(taken.done).toEqual([]);
    expect(taken.left).toEqual([
      expect.stringMatching(`^ann@example.com has viewer on project:Checkout: it has ended \\(policy.yaml:${line}:`),
    ]);
    expect(taken.differing).toBe(1);
  });

  it.each([
    ['as the account shows it', 'inbox:Checkout/QA', VIEWER],
    ['as the text says it', 'inbox:Checkout/Later', VIEWER],
    ['on the whole account', 'project:Later', { account: 'viewer' } satisfies RowsSpec],
  ])('what `never` forbids, %s', (_what, resource, rows) => {
    const taken = updated(`never:\n  - { who: "*@example.com", resource: "${resource}", level: viewer }\ngrants: []`, [
      ann(rows),
    ]);
    expect(taken.done).toEqual([]);
    expect(taken.left).toEqual([
      expect.stringMatching(/^ann@example\.com has viewer on .*: `never` forbids it \(policy\.yaml:7:/),
    ]);
  });

  it('a `never` about something else, or a higher level, forbids nothing', () => {
    const never = 'never:\n  - { who: "*@example.com", resource: "inbox:Mobile/*", level: viewer }\ngrants: []';
    expect(updated(never, [ann({ 'inbox:#5001': 'viewer' })]).left).toEqual([]);
    expect(updated(never.replace('viewer }', 'admin }'), [ann({ 'inbox:#5003': 'viewer' })]).left).toEqual([]);
  });

  it('what only one of a user and an invite holds', () => {
    const taken = updated('grants: []', [ann(VIEWER), { access: 3, invite: 'ann@example.com' }]);
    expect(taken.left).toEqual([
      'ann@example.com has viewer on project:Checkout: another access of the same e-mail does not have it, and a grant gives both the same',
    ]);
    expect(taken.differing).toBe(0);
  });

  it('to an address that a policy cannot spell', () => {
    const taken = updated('grants: []', [{ access: 1, user: 'no address', rows: VIEWER }]);
    expect(taken.left).toEqual(['no address has viewer on project:Checkout: a policy cannot spell this address']);
  });

  it('what waits because a name is in doubt is told', () => {
    const sections = 'grants:\n  - { to: ann@example.com, resource: project:Nowhere, level: viewer }';
    const taken = updated(sections, [ann({ 'project:#4001': 'viewer' })]);
    expect(taken.left).toEqual(['ann@example.com has viewer on project:Checkout, and the policy grants none']);
    expect(taken.differing).toBe(1);
  });
});

describe('what the policy gives and the account does not hold is taken out', () => {
  it('a name out of `to`, in brackets and on lines of its own, where it becomes a comment', () => {
    const flow = updated(
      'grants:\n  - { to: [ann@example.com,  bob@example.com], resource: project:Checkout, level: viewer }',
      [ann(), BOB],
    );
    expect(flow.source.text).toContain('to: [bob@example.com], resource');
    const last = updated(
      'grants:\n  - { to: [bob@example.com,  ann@example.com], resource: project:Checkout, level: viewer }',
      [ann(), BOB],
    );
    expect(last.source.text).toContain('to: [bob@example.com], resource');
    const lines = `grants:
  - to:
      - ann@example.com # the lead
      - bob@example.com
    resource: project:Checkout
    level: viewer`;
    expect(updated(lines, [ann(), BOB]).source.text).toContain(
      '      # - ann@example.com # the lead\n      - bob@example.com\n',
    );
    const spread =
      'grants:\n  - to: [bob@example.com, # one\n      ann@example.com]\n    resource: project:Checkout\n    level: viewer';
    expect(updated(spread, [ann(), BOB])).toMatchObject({ differing: 0 });
    const three =
      'grants:\n  - { to: [bob@example.com, ann@example.com, cid@example.com], resource: project:Checkout, level: viewer }';
    const taken = updated(three, [ann(), BOB, { access: 3, user: 'cid@example.com' }]);
    expect(taken).toMatchObject({ differing: 0 });
    expect(taken.done).toHaveLength(2);
  });

  it('a grant that would reach nobody becomes a comment as a whole', () => {
    const taken = updated(
      `grants:
  - to: ann@example.com
    resource: project:Checkout # why

    level: viewer
  - { to: bob@example.com, resource: project:Checkout, level: viewer }`,
      [ann(), BOB],
    );
    expect(taken.source.text).toContain(
      '  # - to: ann@example.com\n  #   resource: project:Checkout # why\n\n  #   level: viewer\n  - { to: bob',
    );
    expect(taken).toMatchObject({
      done: ['taken out: ann@example.com (policy.yaml:7:9), because ann@example.com does not have what it gives'],
      differing: 0,
    });
  });

  it('a grant in brackets, or the only one, cannot be, and that is told', () => {
    const flow = updated('grants: [{ to: ann@example.com, resource: project:Checkout, level: viewer }]', [ann()]);
    expect(flow.left).toEqual([
      expect.stringContaining('not taken out: ann@example.com (policy.yaml:6:16), because ann@example.com'),
      'ann@example.com has none on project:Checkout, and the policy grants viewer',
    ]);
    expect(flow.done).toEqual([]);
    const only = updated('grants:\n  - { to: ann@example.com, resource: project:Checkout, level: viewer }', [ann()]);
    expect(only.left[0]).toMatch(/^not taken out: ann@example\.com .* \(policy\.yaml:6:\d+ of the result\)$/);
    expect(only.differing).toBe(1);
  });

  it('a resource of an entry that names nobody else', () => {
    const list = (resources: string) =>
      updated(`grants:\n  - { to: ann@example.com, resource: ${resources}, level: viewer }`, [ann(VIEWER)]);
    expect(list('[project:Checkout, project:Mobile]').source.text).toContain('resource: [project:Checkout], level');
    expect(list('[project:Mobile, project:Checkout]').source.text).toContain('resource: [project:Checkout], level');
    const lines = updated(
      'grants:\n  - to: ann@example.com\n    resource:\n      - project:Checkout\n      - project:Mobile # later\n      - domain:example.com\n    level: viewer',
      [ann(VIEWER)],
    );
    expect(lines.source.text).toContain(
      '      # - project:Mobile # later\n      # - domain:example.com\n    level: viewer',
    );
    expect(lines.differing).toBe(0);
  });

  it('several that one place gives are one edit, and what another grant gives less of stays', () => {
    const taken = updated(
      `grants:
  - { to: [ann@example.com, bob@example.com], resource: [project:Checkout, project:Mobile], level: admin }
  - { to: ann@example.com, resource: project:Checkout, level: viewer }`,
      [ann(VIEWER), { ...BOB, rows: { 'project:#4001': 'admin', 'project:#4002': 'admin' } }],
    );
    expect(taken.done).toHaveLength(1);
    expect(taken).toMatchObject({ left: [], differing: 0 });
  });

  it('to a lower level, by taking the higher one out and adding what is held', () => {
    const taken = updated(
      'grants:\n  - { to: [ann@example.com, bob@example.com], resource: project:Checkout, level: admin }',
      [ann(VIEWER), { ...BOB, rows: { 'project:#4001': 'admin' } }],
    );
    expect(taken.done.map((line) => line.slice(0, 30))).toEqual([
      'taken out: ann@example.com (po',
      'added: ann@example.com, viewer',
    ]);
    expect(taken).toMatchObject({ left: [], differing: 0 });
  });

  it('somebody out of a group of which they hold nothing any more, the last one too', () => {
    const group = (members: string) =>
      updated(`groups:\n  qa:${members}\ngrants:\n  - { to: group:qa, resource: project:Checkout, level: viewer }`, [
        ann(),
        BOB,
      ]);
    expect(group(' [ann@example.com, bob@example.com]').source.text).toContain('qa: [bob@example.com]\n');
    expect(group(' [ann@example.com]').source.text).toContain('qa: []\n');
    expect(group('\n    - ann@example.com # lead').source.text).toContain('qa: []\n    # - ann@example.com # lead\n');
    expect(group(' [ann@example.com # lead\n    ]').left[0]).toContain('not taken out: ann@example.com in group qa');
  });

  const GROUP = 'groups:\n  qa: [ann@example.com, bob@example.com]\n';
  const GIVES = '- { to: group:qa, resource: [project:Checkout, domain:example.com], level: viewer }';

  it.each([
    [
      'a part of what a group gives',
      `${GROUP}grants:\n  ${GIVES}`,
      'they have a part of what group qa gives; take them out of it, or restore the row',
    ],
    [
      'a group that gives something later',
      `${GROUP}grants:\n  - { to: group:qa, resource: domain:example.com, level: viewer }\n  - { to: group:qa, resource: project:Mobile, level: viewer, from: 2027-01-01 }`,
      'they have a part of what group qa gives; take them out of it, or restore the row',
    ],
    [
      'a group beside a `never` about one',
      `never:\n  - { who: group:qa, resource: account, level: admin }\n${GROUP}grants:\n  ${GIVES}`,
      'a `never` rule names a group; check group qa',
    ],
    [
      'several ways',
      `${GROUP}grants:\n  ${GIVES.replace('group:qa', '[group:qa, ann@example.com]')}`,
      'it reaches them in several ways',
    ],
    [
      'a grant of several',
      `grants:\n  ${GIVES.replace('group:qa', '[ann@example.com, bob@example.com]')}`,
      'it reaches others too; split the grant, or restore the row',
    ],
    [
      'a role',
      'roles:\n  r: [{ resource: [project:Checkout, domain:example.com], level: viewer }]\ngrants:\n  - { to: ann@example.com, role: r }',
      'it gives a role, of which they have a part; name another role, or restore the row',
    ],
    [
      'a pattern',
      'grants:\n  - { to: ann@example.com, resource: [project:Checkout, "domain:*"], level: viewer }',
      'a pattern gives it; narrow it with `except`, or restore the row',
    ],
  ])('not %s: that is for a person to decide', (_what, sections, why) => {
    const bob = { ...BOB, rows: { 'project:#4001': 'viewer', 'domain:#7001': 'viewer' } } satisfies AccessSpec;
    const taken = updated(sections, [ann(VIEWER), bob]);
    expect(taken.left.filter((line) => line.startsWith('ann@'))).toEqual([
      expect.stringMatching(/^ann@example\.com does not have what policy\.yaml:\d+:5 gives on domain:example\.com: /),
    ]);
    expect(taken.left[0]).toContain(why);
    expect(taken.differing).toBe(1);
  });

  it('not what another access of the same e-mail holds', () => {
    const taken = updated('grants:\n  - { to: ann@example.com, resource: project:Checkout, level: viewer }', [
      ann(VIEWER),
      { access: 3, invite: 'ann@example.com' },
    ]);
    expect(taken.left).toEqual([
      'ann@example.com does not have what policy.yaml:7:5 gives on project:Checkout: another access of the same e-mail has it',
    ]);
  });

  it('a token out of what it does not hold, and nothing of people who are not in the account', () => {
    const sections = `tokens:
  ci: { access: 77, token: 9 }
grants:
  - { to: [token:ci, gone@example.com], resource: project:Checkout, level: viewer }`;
    const taken = updated(sections, [], { apiTokens: [{ id: 9, name: 'ci', rows: { 'project:#4002': 'viewer' } }] });
    expect(taken.source.text).toContain('to: [gone@example.com], resource');
  });

  it('what a token holds beyond it is added', () => {
    const sections = `tokens:
  ci: { access: 77, token: 9 }
grants:
  - { to: token:ci, resource: project:Checkout, level: viewer }`;
    const spec = {
      apiTokens: [{ id: 9, name: 'ci', rows: { 'project:#4001': 'viewer', 'project:#4002': 'viewer' } as const }],
    };
    const taken = updated(sections, [{ access: 77, token: { id: 9, name: 'ci' } }], spec);
    expect(taken).toMatchObject({ done: ['added: token:ci, viewer on project:Mobile'], left: [], differing: 0 });
  });
});

describe('an edit for which the text gives no place', () => {
  const at = { file: 'policy.yaml', line: 1, column: 3, length: 1 };
  const drop: PolicyEdit = { kind: 'drop', at, grant: null };

  it.each(['- a list', 'a: [', 'lone: text'])('is not made: %s', (text) => {
    const source = { file: 'policy.yaml', text };
    expect(editPolicy(source, [drop])).toEqual({ source, lines: [], undone: [drop] });
  });

  it('is not made in an included file that could not be read', () => {
    const source = {
      file: 'policy.yaml',
      text: 'a: 1\n',
      included: [{ path: 'b.yaml', failure: 'there is no such file' }],
    };
    const edited = editPolicy(source, [{ ...drop, at: { ...at, file: 'b.yaml' } }]);
    expect(edited).toEqual({ source, lines: [], undone: [] });
    expect(changedTexts(source, edited.source)).toEqual([]);
  });

  it('is not made of a text alone beside its key that is no grant', () => {
    const lone: PolicyEdit = { ...drop, at: { ...at, column: 7 } };
    expect(editPolicy({ file: 'policy.yaml', text: 'lone: text' }, [lone]).undone).toEqual([lone]);
  });
});

it('an invalid policy is refused with its problems', () => {
  expect(() => afterText('version: 1\n', [])).toThrow('the policy is invalid');
});
