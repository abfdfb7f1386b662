import { describe, expect, test } from 'vitest';
import { diffStates } from '../../../src/core/diff/diff-states.ts';
import { nameOf, principalNameText } from '../../../src/core/domain/account/principal.ts';
import type { DesiredState } from '../../../src/core/domain/plan/desired-state.ts';
import type { AccessSpec } from '../../support/account-builder.ts';
import { ANN, changeOf, grantsOf, NOW, smallWorld, unmanageableText } from '../../support/small-world.ts';

const BOB = 'bob@example.com';
const VIEWER = { 'project:#4001': 'viewer' } as const;
/** No one keeps access without being listed. */
const NO_ONE = { principals: 0, rows: 0, by: 'keep', shielded: 0 };
const TOKENS = { ci: { access: 500, token: 900 }, cd: { access: 40, token: 901 } };

test('a plan says its account, mode and moment', () => {
  const { plan } = smallWorld({ mode: 'additive', account: 77 }, { account: 77, tree: [] });
  expect(plan).toMatchObject({ account: 77, mode: 'additive', now: NOW });
});

test('a plan lists the roles in the organization, of everybody but its owner, sorted', () => {
  const rows = { 'organization:#7': 'viewer' } as const;
  const { plan } = smallWorld(
    { grants: grantsOf(VIEWER), tokens: TOKENS, unlisted: 'revoke' },
    {
      accesses: [
        { access: 5, user: BOB, rows },
        { access: 3, token: { id: 901, name: 'cd' }, rows },
        { access: 4, invite: ANN, rows: { ...VIEWER, ...rows } },
        { access: 2, user: ANN, rows: { ...VIEWER, 'organization:#7': 'admin' } },
        { access: 6, user: 'owner@example.com', rows: { 'organization:#7': 'owner' } },
      ],
      apiTokens: [
        { id: 902, name: 'beta', rows },
        { id: 901, name: 'cd', rows },
        { id: 900, name: 'alpha', rows },
        { id: 899, name: 'beta', rows },
      ],
    },
  );
  expect(plan.organization.map(({ principal, access, level }) => [nameOf(principal), access, level])).toEqual([
    [{ email: ANN }, 2, 100],
    [{ email: ANN }, 4, 10],
    [{ email: BOB }, 5, 10],
    [{ token: 'cd' }, 3, 10],
    [{ token: 'alpha' }, null, 10],
    [{ token: 'beta' }, null, 10],
    [{ token: 'beta' }, null, 10],
  ]);
  expect(plan.organization[0]?.resource).toEqual({ type: 'organization', id: 7, label: 'organization:#7' });
  expect(plan.changes).toEqual([]);
});

describe('the counts', () => {
  const counts = (accesses: readonly AccessSpec[], grants = grantsOf(VIEWER)) =>
    smallWorld({ grants, tokens: TOKENS }, { accesses, apiTokens: [{ id: 900, name: 'x' }] }).plan.counts;

  test('who gains', () => {
    expect(counts([{ access: 2, user: ANN }])).toEqual({
      gain: 1,
      lose: 0,
      untouched: 0,
      notInPolicy: 0,
      leftBehind: NO_ONE,
    });
  });

  test('who loses by a lowering or a removal', () => {
    const lowered = counts([{ access: 2, user: ANN, rows: { 'project:#4001': 'admin' } }]);
    expect(lowered).toEqual({ gain: 0, lose: 1, untouched: 0, notInPolicy: 0, leftBehind: NO_ONE });
    const removed = counts([{ access: 2, user: ANN, rows: { ...VIEWER, 'domain:#7001': 'viewer' } }]);
    expect(removed).toEqual({ gain: 0, lose: 1, untouched: 0, notInPolicy: 0, leftBehind: NO_ONE });
  });

  test('who gains and loses, in both', () => {
    const both = counts([{ access: 2, user: ANN, rows: { 'domain:#7001': 'viewer' } }]);
    expect(both).toEqual({ gain: 1, lose: 1, untouched: 0, notInPolicy: 0, leftBehind: NO_ONE });
  });

  test('who stays untouched', () => {
    const same = counts([{ access: 2, user: ANN, rows: VIEWER }]);
    expect(same).toEqual({ gain: 0, lose: 0, untouched: 1, notInPolicy: 0, leftBehind: NO_ONE });
  });

  test('a user and an invite of one e-mail once, and so for two users', () => {
    const named = [
      { access: 2, user: ANN },
      { access: 3, invite: 'Ann@Example.com' },
      { access: 4, user: 'ANN@example.com' },
    ];
    expect(counts(named)).toEqual({ gain: 1, lose: 0, untouched: 0, notInPolicy: 0, leftBehind: NO_ONE });
    const unnamed = named.map((access, index) => ({ ...access, user: index === 0 ? 'x@x' : 'X@x' }));
    expect(counts(unnamed.map(({ access, user }) => ({ access, user }))).notInPolicy).toBe(1);
  });

  test('who is not in the policy: unlisted principals, idle members, tokens, the protected', () => {
    const others = [
      { access: 5, user: 'a@x', rows: VIEWER },
      { access: 6, invite: 'b@x' },
      { access: 7, token: { id: 3, name: 't' } },
    ];
    expect(counts(others).notInPolicy).toBe(3);
  });

  test('a token that the policy names under the policy’s name', () => {
    const listed = [{ access: 500, token: { id: 900, name: 'its own name' } }];
    expect(counts(listed, grantsOf(VIEWER, 'token:ci'))).toEqual({
      gain: 1,
      lose: 0,
      untouched: 0,
      notInPolicy: 0,
      leftBehind: NO_ONE,
    });
  });

  test('the absent nowhere, and the upcoming as not in the policy', () => {
    const ahead = { to: BOB, resource: 'account', from: '2027-01-01' };
    expect(counts([{ access: 3, user: BOB }], [...grantsOf(VIEWER), ahead])).toEqual({
      gain: 0,
      lose: 0,
      untouched: 0,
      notInPolicy: 1,
      leftBehind: NO_ONE,
    });
  });
});

describe('the order of every list', () => {
  const people = [BOB, ANN];
  const accesses = (rows: AccessSpec['rows']): readonly AccessSpec[] =>
    people.map((user, index) => ({ access: 10 - index, user, rows: rows ?? {} }));

  test('changes of one principal: raises, lowerings, removals, each by resource', () => {
    const entitled = { 'inbox:#5003': 'admin', 'domain:#7001': 'viewer', 'project:#4001': 'viewer' } as const;
    const held = {
      'project:#4001': 'admin',
      'inbox:#5002': 'admin',
      billing: 'viewer',
      'billing:#3229': 'viewer',
    } as const;
    const { plan } = smallWorld({ grants: grantsOf(entitled, people) }, { accesses: accesses(held) });
    const own = ['create domain:#7001 0>10', 'create inbox:#5003 0>100', 'lower project:#4001 100>10'];
    const lost = ['remove billing:#3229 10>0', 'remove inbox:#5002 100>0'];
    expect(plan.changes.map(changeOf)).toEqual(
      [...own, ...lost].flatMap((line) => `${ANN} ${line}`).concat([...own, ...lost].map((line) => `${BOB} ${line}`)),
    );
  });

  test('unmanageable rows by principal and resource, then kind', () => {
    const entitled = { 'project:#4002': 'viewer' } as const;
    const excluded = accesses({ 'project:#4001': 'viewer' }).map((access) => ({ ...access, canUpdate: false }));
    const { plan } = smallWorld({ grants: grantsOf(entitled, people) }, { accesses: excluded });
    expect(plan.unmanageable.map((row) => `${row.access} ${unmanageableText(row)}`)).toEqual([
      '9 excess project:#4001 10/0: cannot-update',
      '9 missing project:#4002 0/10: cannot-update',
      '10 excess project:#4001 10/0: cannot-update',
      '10 missing project:#4002 0/10: cannot-update',
    ]);
  });

  test('deferred changes as changes are', () => {
    const never = [{ who: '*@example.com', resource: 'project:Gone', level: 'admin' as const }];
    const grants = grantsOf({ 'project:#4002': 'viewer', 'domain:#7001': 'viewer' }, people);
    const { plan } = smallWorld({ never, grants }, { accesses: accesses({}) });
    expect(plan.deferred.map(({ change }) => changeOf(change))).toEqual([
      `${ANN} create domain:#7001 0>10`,
      `${ANN} create project:#4002 0>10`,
      `${BOB} create domain:#7001 0>10`,
      `${BOB} create project:#4002 0>10`,
    ]);
  });

  test('redundant rows by principal and resource', () => {
    const held = { account: 'viewer', 'project:#4001': 'viewer', 'inbox:#5003': 'viewer' } as const;
    const { plan } = smallWorld({ grants: grantsOf({ account: 'viewer' }, people) }, { accesses: accesses(held) });
    expect(plan.redundant.map(({ access, resource }) => `${access} ${resource.label}`)).toEqual([
      '9 inbox:Mobile/Builds',
      '9 project:Checkout',
      '10 inbox:Mobile/Builds',
      '10 project:Checkout',
    ]);
  });

  test('what ended by principal and resource, then by line', () => {
    const over = { to: people, until: '2026-11-01' };
    const grants = [
      { ...over, resource: 'project:*', line: 62 },
      { ...over, resource: 'project:#4002', line: 61 },
    ];
    const { plan } = smallWorld({ grants }, { accesses: accesses({}) });
    expect(plan.ended.map(({ access, resource, grant }) => `${access} ${resource.label} ${grant.line}`)).toEqual([
      '9 project:Checkout 62',
      '9 project:Mobile 61',
      '9 project:Mobile 62',
      '10 project:Checkout 62',
      '10 project:Mobile 61',
      '10 project:Mobile 62',
    ]);
  });

  test('the absent and the upcoming by name', () => {
    const now = ['b@x', 'token:zz', 'a@x'];
    const later = { to: ['d@x', 'c@x'], resource: 'account', from: '2027-01-01' };
    const { plan } = smallWorld({ grants: [{ to: now, resource: 'account' }, later] });
    expect(plan.absent.map(({ name }) => principalNameText(name))).toEqual(['a@x', 'b@x', 'token:zz']);
    expect(plan.upcoming.map(({ name }) => principalNameText(name))).toEqual(['c@x', 'd@x']);
  });
});

test('the order of what was bound changes nothing', () => {
  const people = ['a@x', 'b@x'];
  const { desired, actual } = smallWorld(
    {
      tokens: TOKENS,
      never: [{ who: '*@x', resource: 'project:Gone', level: 'admin' }],
      grants: [
        { to: people, resource: ['project:#4001', 'domain:#7001'] },
        { to: ['token:ci', 'token:cd', 'd@x', 'c@x'], resource: 'project:#4001' },
        { to: ['f@x', 'e@x'], resource: 'account', from: '2027-01-01' },
        { to: people, resource: 'project:#4002', until: '2026-11-01' },
      ],
    },
    {
      accesses: people.map((user, index) => ({ access: index + 1, user, rows: { 'inbox:#5003': 'viewer' } })),
      apiTokens: [
        { id: 900, name: 'a' },
        { id: 901, name: 'b' },
      ],
    },
  );
  const turned: DesiredState = {
    ...desired,
    subjects: [...desired.subjects].reverse(),
    absent: [...desired.absent].reverse(),
    upcoming: [...desired.upcoming].reverse(),
  };
  const found = diffStates(turned, actual);
  expect(found).toEqual(diffStates(desired, actual));
  expect(found.deferred.map(({ change }) => changeOf(change))).toEqual([
    'a@x create domain:#7001 0>10',
    'a@x create project:#4001 0>10',
    'b@x create domain:#7001 0>10',
    'b@x create project:#4001 0>10',
  ]);
  expect(found.absent.map(({ name }) => principalNameText(name))).toEqual(['c@x', 'd@x']);
  expect(found.upcoming.map(({ name }) => principalNameText(name))).toEqual(['e@x', 'f@x']);
  expect(found.unproven).toEqual([40, 500]);
});

describe('tokens whose pair of ids nothing proves', () => {
  const grants = grantsOf(VIEWER, ['token:ci', 'token:cd']);
  const apiTokens = [
    { id: 900, name: 'a' },
    { id: 901, name: 'b' },
  ];

  test('are listed by their access, as numbers', () => {
    expect(smallWorld({ grants, tokens: TOKENS }, { apiTokens }).plan.unproven).toEqual([40, 500]);
  });

  test('are not listed where they are proved, or where nothing of them is written', () => {
    const accesses = [{ access: 500, token: { id: 900, name: 'a' } }];
    expect(
      smallWorld({ grants, tokens: TOKENS }, { accesses, apiTokens: apiTokens.slice(0, 1) }).plan.unproven,
    ).toEqual([]);
  });
});
