import { describe, expect, test } from 'vitest';
import type { NoticeCode } from '../../../src/core/domain/plan/notice.ts';
import type { GuardRule, Plan } from '../../../src/core/domain/plan/plan.ts';
import type { BegunPart, Restraints } from '../../../src/core/domain/plan/restraints.ts';
import { partDigest } from '../../../src/core/guard/digest.ts';
import type { AccessSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { changeOf, NOW, smallWorld, told } from '../../support/small-world.ts';

const ROWS = { 'project:#4001': 'viewer', 'domain:#7001': 'viewer' } as const;
const PEOPLE: readonly AccessSpec[] = ['a@x', 'b@x', 'c@x'].map((user, index) => ({
  access: index + 1,
  user,
  rows: ROWS,
}));
/** Each of three loses a domain, and one may. */
const POLICY: PolicySpec = {
  limits: { revokes: { principals: 1, percent: 100 } },
  grants: [{ to: ['a@x', 'b@x', 'c@x'], resource: 'project:Checkout' }],
};

const plan = (
  policy: PolicySpec = {},
  restraints: Partial<Restraints> = {},
  accesses: readonly AccessSpec[] = PEOPLE,
): Plan => smallWorld({ ...POLICY, ...policy }, { accesses }, NOW, restraints).plan;
const changes = (found: Plan) => found.changes.map(changeOf);
const digestOf = (who: number, found: Plan = plan()) => found.held[who]?.digest ?? '';
const until = '2026-11-30';
/** Where the first entry of `approvals` stands. */
const ENTRY = { file: 'policy.yaml', line: 91, column: 3, length: 1 };

describe('an approved part', () => {
  test('runs, by the policy', () => {
    const found = plan({ approvals: [{ digests: [digestOf(0)], until }] });
    expect(changes(found)).toEqual(['a@x remove domain:#7001 10>0']);
    expect(found.held.map(({ digest }) => digest)).toEqual([digestOf(1), digestOf(2)]);
    expect(found.approved).toMatchObject([
      { digest: digestOf(0), rules: ['revoke-limit'], isBegun: false, by: { kind: 'policy', until: { text: until } } },
    ]);
    expect(found.verdict).toBe('allowed');
  });

  test('runs, by hand', () => {
    const found = plan({}, { approvedByHand: [digestOf(1)] });
    expect(changes(found)).toEqual(['b@x remove domain:#7001 10>0']);
    expect(found.approved).toMatchObject([{ digest: digestOf(1), by: { kind: 'by-hand' } }]);
  });

  test('uses up the limit: what is left stays held, under the digest that it had', () => {
    const found = plan({ approvals: [{ digests: [digestOf(0), digestOf(1)], until }] });
    expect(changes(found)).toEqual(['a@x remove domain:#7001 10>0', 'b@x remove domain:#7001 10>0']);
    expect(found.held.map(({ digest }) => digest)).toEqual([digestOf(2)]);
    expect(found.approved).toHaveLength(2);
    expect(found.refusals.map(({ message }) => message)).toEqual([
      '3 would lose access: a@x, b@x, c@x. The limit is 1: the smaller of 1 and 100 % of the 3 with rows, at least 1. ' +
        '2 of them are approved, and count',
    ]);
  });

  test('may exceed the limit with others that are approved', () => {
    const found = plan({ approvals: [{ digests: [0, 1, 2].map((who) => digestOf(who)), until }] });
    expect(changes(found)).toHaveLength(3);
    expect([found.held, found.refusals]).toEqual([[], []]);
    expect(found.approved).toHaveLength(3);
  });

  test('runs until the moment that its approval ends', () => {
    const at = (moment: string) => plan({ approvals: [{ digests: [digestOf(0)], until: moment }] }).approved.length;
    expect(at('2026-11-24T04:00:00.001Z')).toBe(1);
    expect(at('2026-11-24T04:00:00Z')).toBe(0);
  });

  test('that one approval lets no longer run may have another that does', () => {
    const digests = [digestOf(0)];
    const both = [
      { digests, until: '2026-11-01' },
      { digests, until },
    ];
    expect(plan({ approvals: both }).approved).toHaveLength(1);
    expect(plan({ approvals: [...both].reverse() }).approved).toHaveLength(1);
    expect(plan({ approvals: [{ digests, until: '2026-11-01' }] }, { approvedByHand: digests }).notices).toEqual([]);
  });

  test('of a policy without a grant does not run', () => {
    const empty: PolicySpec = { ...POLICY, grants: [], ends: { 'a@x': '2026-11-01' } };
    const found = plan(empty);
    expect(found.held).toMatchObject([{ rules: ['empty-policy'], approvalUntil: null, approve: null }]);
    const approved = plan(empty, { approvedByHand: [digestOf(0, found)] });
    expect([changes(approved), approved.held]).toEqual([[], found.held]);
    expect(told(approved.notices, 'approval-refused')).toHaveLength(1);
  });

  test('keeps its digest when another one is approved', () => {
    const two: PolicySpec = { ends: { 'a@x': '2026-11-01', 'b@x': '2026-11-01' } };
    const first = plan(two);
    const second = plan(two, { approvedByHand: [digestOf(0, first)] });
    expect(second.held).toEqual(first.held.slice(1));
    const all = first.held.map(({ digest }) => digest);
    const third = plan(two, { approvedByHand: all });
    expect(third.held).toEqual([]);
    expect(third.approved).toHaveLength(all.length);
  });
});

describe('an approval is void', () => {
  const approvals = () => [{ digests: [digestOf(0)], until }];
  const first = PEOPLE[0] as AccessSpec;
  const asOf = (one: AccessSpec) => [one, ...PEOPLE.slice(1)];

  test.each<[what: string, policy: PolicySpec, accesses: readonly AccessSpec[]]>([
    ['the account access', {}, asOf({ ...first, access: 9 })],
    ['the level before', {}, asOf({ ...first, rows: { ...ROWS, 'domain:#7001': 'admin' } })],
    ['a row more', {}, asOf({ ...first, rows: { ...ROWS, 'project:#4002': 'viewer' } })],
    ['the rules', { limits: { ...POLICY.limits, newAdmins: 0 }, grants: MADE_ADMIN() }, PEOPLE],
  ])('where it is another one: %s', (_, policy, accesses) => {
    const found = plan({ approvals: approvals(), ...policy }, {}, accesses);
    expect(found.approved).toEqual([]);
    expect(told(found.notices, 'approval-unused')).toEqual([
      `${digestOf(0)}, approved by policy.yaml:91:3, matches nothing that is held: the change was made, is not needed, or is different now`,
    ]);
  });

  function MADE_ADMIN() {
    return [...(POLICY.grants ?? []), { to: 'a@x', resource: 'account', level: 'admin' } as const];
  }

  test.each<[what: string, policy: PolicySpec, accesses: readonly AccessSpec[]]>([
    ['the reason and the line', { grants: [{ ...POLICY.grants?.[0], to: ['a@x', 'b@x', 'c@x'], line: 77 }] }, PEOPLE],
    ['the mode', { mode: 'observe' }, PEOPLE],
    ['somebody else', {}, [...PEOPLE, { access: 7, user: 'd@x', rows: ROWS }]],
    ['another limit', { limits: { revokes: { principals: 2, percent: 100 } } }, PEOPLE],
  ])('and not where only this is another: %s', (_, policy, accesses) => {
    expect(plan({ approvals: approvals(), ...policy }, {}, accesses).approved).toHaveLength(1);
  });
});

describe('what is remembered of a begun part', () => {
  const rows = { ...ROWS, 'project:#4002': 'viewer' } as const;
  const more = PEOPLE.map((one) => ({ ...one, rows }));

  test.each<[fact: string, remembered: (begun: BegunPart) => BegunPart]>([
    ['with a rule more', (begun) => ({ ...begun, rules: ['revoke-limit', 'admin-limit'] })],
    ['with a change less', (begun) => ({ ...begun, changes: begun.changes.slice(0, 1) })],
  ])('is worth nothing where it is not what the digest binds: %s', (_, remembered) => {
    const [part] = plan({}, {}, more).held;
    const { digest = '', changes: bound = [] } = part ?? {};
    const begun: BegunPart = { digest, rules: ['revoke-limit'], access: 1, changes: bound };
    const approvals = [{ digests: [digest], until }];
    expect(plan({ approvals }, { begun: [begun] }).approved).toHaveLength(1);
    expect(plan({ approvals }, { begun: [remembered(begun)] }).approved).toEqual([]);
  });
});

describe('while the fallback policy is in use', () => {
  const ended: PolicySpec = {
    ...POLICY,
    grants: ['a@x', 'b@x', 'c@x'].map((to) => ({ to, resource: 'domain:example.com', until: '2026-11-20' })),
  };
  const rows = { 'domain:#7001': 'viewer' } as const;
  const accesses = PEOPLE.map((one) => ({ ...one, rows }));
  const digest = digestOf(0, plan(ended, { fallback: true }, accesses));
  const approvals = [{ digests: [digest], until }];

  test('its approvals let nothing run, since the text that replaced it may have taken them out', () => {
    expect(plan({ ...ended, approvals }, {}, accesses).approved).toHaveLength(1);
    const found = plan({ ...ended, approvals }, { fallback: true }, accesses);
    expect(found.changes).toEqual([]);
    expect(found.held).toHaveLength(3);
    expect(found.notices).toContainEqual({
      code: 'approval-refused',
      message: `a@x: ${digest}, approved by policy.yaml:91:3, has no effect: grantd uses the fallback policy, and the newer file may have removed the approval`,
      remedy: 'fix the policy file; run `grantd validate`',
      at: ENTRY,
    });
    expect(told(found.notices, 'approval-refused')).toHaveLength(1);
    expect(told(found.notices, 'approval-unused')).toEqual([]);
  });
});

describe('what an approval does not do is told', () => {
  const code = (found: Plan, wanted: NoticeCode) => found.notices.filter((notice) => notice.code === wanted);

  test('where it has ended and the part is held', () => {
    const found = plan({ approvals: [{ digests: [digestOf(0)], until: '2026-11-01' }] });
    expect(code(found, 'approval-ended')).toEqual([
      {
        code: 'approval-ended',
        message: `a@x: the approval of ${digestOf(0)} by policy.yaml:91:3 ended 2026-11-01`,
        remedy: 'give it a later `until` in a reviewed change of the policy, or remove it',
        at: ENTRY,
      },
    ]);
  });

  test('and not where it has ended and nothing is held', () => {
    const approvals = [{ digests: [digestOf(0)], until: '2026-11-01' }];
    expect(plan({ approvals }, {}, PEOPLE.slice(0, 1)).notices).toEqual([]);
  });

  test('where nothing is held by that digest, at the entry that names it or of whoever started the run', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const remedy = 'remove it; to approve a held change of this plan, use the digest that the plan shows for it';
    expect(code(plan({ approvals: [{ digests: [digest], until }] }), 'approval-unused')).toMatchObject([
      { message: expect.stringContaining('approved by policy.yaml:91:3'), remedy, at: ENTRY },
    ]);
    expect(code(plan({}, { approvedByHand: [digest] }), 'approval-unused')).toMatchObject([
      { message: expect.stringContaining('approved by --approve'), remedy, at: null },
    ]);
  });

  test('where a rule holds it that cannot be approved', () => {
    const never: PolicySpec = {
      never: [{ who: 'a@x', resource: 'project:Mobile', level: 'viewer' }],
      grants: [{ to: 'a@x', resource: 'project:Mobile' }],
    };
    const digest = digestOf(0, plan(never));
    const refused = (by: string, at: typeof ENTRY | null) => ({
      code: 'approval-refused',
      message: `a@x: ${digest}, approved by ${by}, has no effect: \`empty-policy\`, \`last-admins\` and \`never\` cannot be approved`,
      remedy: 'change the policy so that these rules let the change pass, then approve its new digest',
      at,
    });
    const found = plan({ ...never, approvals: [{ digests: [digest], until }] });
    expect(found.held).toHaveLength(1);
    expect(code(found, 'approval-refused')).toEqual([refused('policy.yaml:91:3', ENTRY)]);
    const byHand = plan(never, { approvedByHand: [digest] });
    expect(code(byHand, 'approval-refused')).toEqual([refused('--approve', null)]);
    // That an earlier approval has ended is no news beside one that has not.
    const earlier = plan(
      { ...never, approvals: [{ digests: [digest], until: '2026-11-01' }] },
      { approvedByHand: [digest] },
    );
    expect(earlier.notices).toEqual([refused('--approve', null)]);
  });
});

describe('an approved new account admin', () => {
  const policy: PolicySpec = {
    limits: { revokes: { principals: 1, percent: 100 }, admins: 1, newAdmins: 0 },
    grants: [
      { to: ['a@x', 'b@x'], resource: 'project:Checkout' },
      { to: 'c@x', resource: 'account', level: 'admin' },
    ],
  };
  const accesses: readonly AccessSpec[] = [
    { access: 1, user: 'a@x', rows: { account: 'admin', 'project:#4001': 'viewer' } },
    { access: 2, user: 'b@x', rows: { 'project:#4001': 'viewer' } },
    { access: 3, user: 'c@x', rows: { 'billing:#3229': 'viewer' } },
  ];

  test('lets another one go, and what is lost beside it', () => {
    const first = plan(policy, {}, accesses);
    expect(first.held.map(({ rules, approve }) => [rules.join(), approve !== null])).toEqual([
      ['last-admins', false],
      ['admin-limit', true],
    ]);
    expect(first.deferred.map(({ change }) => changeOf(change))).toEqual(['c@x remove billing:#3229 10>0']);
    const found = plan(policy, { approvedByHand: [digestOf(1, first)] }, accesses);
    expect(found.approved.map(({ changes: own }) => own.map(changeOf))).toEqual([['c@x create account:#3229 0>100']]);
    expect(found.held.map(({ rules }) => rules)).toEqual([['revoke-limit'], ['revoke-limit']]);
  });
});

describe('what is approved uses up each limit', () => {
  const each: readonly [rule: GuardRule, policy: PolicySpec, message: string][] = [
    [
      'revoke-limit',
      {
        limits: { revokes: { principals: 1, percent: 100 } },
        grants: [{ to: ['a@x', 'b@x'], resource: 'project:#999' }],
      },
      '2 would lose access: a@x, b@x. The limit is 1: the smaller of 1 and 100 % of the 3 with rows, at least 1. ',
    ],
    [
      'gain-limit',
      {
        limits: { gains: { principals: 1, percent: null } },
        grants: [{ to: ['a@x', 'b@x'], resource: ['project:*', 'domain:*'], level: 'admin' }],
      },
      '2 would gain access: a@x, b@x. The limit is 1. ',
    ],
    [
      'admin-limit',
      { limits: { newAdmins: 1 }, grants: [{ to: ['a@x', 'b@x'], resource: 'account', level: 'admin' }] },
      '2 would newly become account admin: a@x, b@x. The limit is 1. ',
    ],
  ];

  test.each(each)('%s: of two, one is approved and the other stays held', (rule, policy, message) => {
    const first = plan(policy);
    expect(first.held.map(({ rules }) => rules)).toEqual([[rule], [rule]]);
    const found = plan(policy, { approvedByHand: [digestOf(0, first)] });
    expect(new Set(found.changes.map(({ access }) => access))).toEqual(new Set([1]));
    expect(found.held).toEqual([first.held[1]]);
    expect(found.refusals.map((one) => one.message)).toEqual([`${message}1 of them is approved, and counts`]);
  });

  test.each(each)('%s: what this run has written by approval counts as well', (rule, policy) => {
    const [done, other] = plan(policy).held;
    const left = PEOPLE.filter(({ access }) => access !== 1);
    expect(plan(policy, {}, left).held).toEqual([]);
    const found = plan(policy, { writtenByApproval: done?.changes ?? [] }, left);
    expect(found.changes).toEqual([]);
    expect(found.held).toEqual([other]);
    expect(found.refusals.map((one) => one.rule)).toEqual([rule]);
  });

  test('one who gains by approval and loses without one counts towards both', () => {
    const policy: PolicySpec = {
      limits: { revokes: { principals: 1, percent: 100 }, gains: { principals: 1, percent: null } },
      grants: [
        { to: ['a@x', 'b@x', 'c@x'], resource: 'project:Checkout', level: 'admin' },
        { to: ['b@x', 'c@x'], resource: 'domain:example.com' },
      ],
    };
    const first = plan(policy);
    expect(changes(first)).toEqual(['a@x remove domain:#7001 10>0']);
    const found = plan(policy, { approvedByHand: [digestOf(0, first)] });
    expect(changes(found)).toEqual(['a@x raise project:#4001 10>100', 'a@x remove domain:#7001 10>0']);
    expect(found.held).toEqual(first.held.slice(1));
  });
});

describe('an account admin who would go once a raise is approved', () => {
  /** Both account admins go; a@x gains a project in exchange, as others do. */
  const policy: PolicySpec = {
    limits: { revokes: { principals: 1, percent: 1 }, gains: { principals: 1, percent: null }, admins: 1 },
    grants: [
      { to: ['a@x', 'c@x', 'd@x'], resource: 'project:Checkout', level: 'admin' },
      { to: 'b@x', resource: 'domain:example.com' },
    ],
  };
  const admin = { account: 'admin', 'domain:#7001': 'viewer' } as const;
  const accesses: readonly AccessSpec[] = [
    { access: 1, user: 'a@x', rows: { account: 'admin' } },
    { access: 2, user: 'b@x', rows: admin },
    { access: 3, user: 'c@x' },
    { access: 4, user: 'd@x' },
  ];

  test('counts already: the other one cannot be approved, and then turn out to be the last', () => {
    const first = plan(policy, {}, accesses);
    expect(first.deferred.map(({ change }) => changeOf(change))).toEqual(['a@x remove account:#3229 100>0']);
    expect(first.held.map(({ rules, changes: held }) => [rules.join(), ...held.map(changeOf)])).toEqual([
      ['gain-limit', 'a@x create project:#4001 0>100'],
      ['last-admins', 'b@x remove account:#3229 100>0'],
      ['gain-limit', 'c@x create project:#4001 0>100'],
      ['gain-limit', 'd@x create project:#4001 0>100'],
    ]);
    const found = plan(policy, { approvedByHand: first.held.map(({ digest }) => digest) }, accesses);
    expect(found.approved.map(({ changes: own }) => own.map(changeOf).join())).toEqual([
      'a@x create project:#4001 0>100',
      'c@x create project:#4001 0>100',
      'd@x create project:#4001 0>100',
    ]);
    expect(found.held.map(({ rules, principal, approve }) => [rules.join(), principal.kind, approve])).toEqual([
      ['last-admins,revoke-limit', 'user', null],
      ['last-admins,revoke-limit', 'user', null],
    ]);
    expect(changes(found).filter((text) => text.includes('account'))).toEqual([]);
  });

  test('alone, waits and is not held by a rule that it only breaks later', () => {
    const alone = accesses.map((one) =>
      one.access === 2 ? { ...one, rows: { 'domain:#7001': 'viewer' } as const } : one,
    );
    const found = plan(policy, {}, alone);
    expect(found.held.map(({ rules }) => rules)).toEqual([['gain-limit'], ['gain-limit'], ['gain-limit']]);
    expect(found.refusals.map(({ rule }) => rule)).toEqual(['gain-limit']);
    expect(found.deferred).toHaveLength(1);
  });
});

describe('a part that was begun', () => {
  const more = PEOPLE.map((one) => ({ ...one, rows: { ...ROWS, 'project:#4002': 'viewer' } as const }));

  /** What is remembered of the first part, and the policy that approves it. */
  function begunPart(): { readonly begun: BegunPart; readonly approvals: NonNullable<PolicySpec['approvals']> } {
    const [part] = plan({}, {}, more).held;
    if (part === undefined) throw new Error('nothing is held');
    const { digest, changes } = part;
    return {
      begun: { digest, rules: ['revoke-limit'], access: 1, changes },
      approvals: [{ digests: [digest], until }],
    };
  }

  test('is approved in what is left of it', () => {
    const { begun, approvals } = begunPart();
    const found = plan({ approvals }, { begun: [begun] });
    expect(changes(found)).toEqual(['a@x remove domain:#7001 10>0']);
    expect(found.approved).toMatchObject([{ digest: begun.digest, isBegun: true }]);
    expect(found.notices).toEqual([]);
  });

  test.each<[fact: string, remembered: (begun: BegunPart) => readonly BegunPart[]]>([
    ['nothing remembers it', () => []],
    ['another rule held it', (begun) => [{ ...begun, rules: ['admin-limit'] }]],
    ['a row is left that it did not have', (begun) => [{ ...begun, changes: begun.changes.slice(0, 0) }]],
    ['it was another account access', (begun) => [{ ...begun, access: 9 }]],
    ['it was another digest', (begun) => [{ ...begun, digest: `sha256:${'0'.repeat(64)}` }]],
  ])('is held anew where %s', (_, remembered) => {
    const { begun, approvals } = begunPart();
    const found = plan({ approvals }, { begun: remembered(begun) });
    expect(found.approved).toEqual([]);
    expect(found.held).toHaveLength(3);
  });

  test('is held anew where a row is left beside it that it did not have', () => {
    const { begun, approvals } = begunPart();
    const drifted = PEOPLE.map((one) => ({ ...one, rows: { ...ROWS, 'billing:#3229': 'viewer' } as const }));
    const found = plan({ approvals }, { begun: [begun] }, drifted);
    expect(found.held[0]?.changes).toHaveLength(2);
    expect(found.approved).toEqual([]);
  });

  test('is held anew where one rule more holds what is left', () => {
    const { begun, approvals } = begunPart();
    const emptied: PolicySpec = { approvals, grants: [], ends: { 'a@x': '2026-11-01', 'b@x': '2026-11-01' } };
    const left = PEOPLE.map((one) => ({ ...one, rows: { 'domain:#7001': 'viewer' } as const }));
    const found = plan(emptied, { begun: [begun] }, left);
    expect(found.held[0]?.rules).toEqual(['empty-policy', 'revoke-limit']);
    expect(found.approved).toEqual([]);
  });

  test('is held anew where a level is another one', () => {
    const { begun, approvals } = begunPart();
    const raised = PEOPLE.map((one) => ({ ...one, rows: { ...ROWS, 'domain:#7001': 'admin' } as const }));
    expect(plan({ approvals }, { begun: [begun] }, raised).approved).toEqual([]);
  });

  test('is held anew once its approval is gone or has ended', () => {
    const { begun } = begunPart();
    expect(plan({}, { begun: [begun] }).approved).toEqual([]);
    const ended = [{ digests: [begun.digest], until: '2026-11-01' }];
    expect(plan({ approvals: ended }, { begun: [begun] }).approved).toEqual([]);
  });
});

test('a part that only `never` holds is bound by that rule, and an approval of it has no effect', () => {
  const rule = { who: 'a@x', resource: 'project:Checkout', level: 'admin' } as const;
  const raising: PolicySpec = { never: [rule], grants: [{ to: 'a@x', resource: 'project:Checkout', level: 'admin' }] };
  const [held] = plan(raising).held;
  if (held === undefined) throw new Error('nothing is held');
  expect(held.rules).toEqual(['never']);
  expect(held.digest).toBe(partDigest(plan(raising).account, ['never'], held.changes));
  expect(held.digest).not.toBe(partDigest(plan(raising).account, ['last-admins'], held.changes));
  const approved = plan({ ...raising, approvals: [{ digests: [held.digest], until }] });
  expect(approved.held.map(({ digest }) => digest)).toEqual([held.digest]);
});
