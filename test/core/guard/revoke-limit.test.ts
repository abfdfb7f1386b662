import { describe, expect, test } from 'vitest';
import { principalHash } from '../../../src/core/domain/account/known-ends.ts';
import type { Refusal } from '../../../src/core/domain/plan/plan.ts';
import type { AccessSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { NOW, smallWorld } from '../../support/small-world.ts';

const HOUR_MS = 60 * 60 * 1000;
const VIEWER = { 'project:#4001': 'viewer' } as const;

/** So many users who hold a row. */
function people(prefix: string, count: number, from = 1): readonly AccessSpec[] {
  return [...new Array(count)].map((_, index) => ({
    access: from + index,
    user: `${prefix}${index}@example.com`,
    rows: VIEWER,
  }));
}

interface Spec {
  readonly losers: number;
  readonly others?: readonly AccessSpec[];
  readonly principals?: number;
  readonly percent?: number;
  readonly policy?: PolicySpec;
}

/** So many named people lose their only row; `others` are in the account beside them. */
function refused({ losers, others = [], principals = 1000, percent = 100, policy = {} }: Spec): Refusal | undefined {
  const leaving = people('l', losers, 100);
  const grants = leaving.map(({ user = '' }) => ({ to: user, resource: 'project:#999' }));
  const limits = { revokes: { principals, percent }, ...policy.limits };
  const { plan } = smallWorld({ grants, ...policy, limits }, { accesses: [...leaving, ...others] });
  return plan.refusals.find(({ rule }) => rule === 'revoke-limit');
}

describe('at most so many may lose anything', () => {
  test.each([
    [2, false],
    [3, false],
    [4, true],
  ])('of 3 by number, %i lose: refused %s', (losers, isRefused) => {
    expect(refused({ losers, principals: 3 }) !== undefined).toBe(isRefused);
  });

  test.each([
    [1, false],
    [2, false],
    [3, true],
  ])('of 20 %% of 10, %i lose: refused %s', (losers, isRefused) => {
    expect(refused({ losers, percent: 20, others: people('o', 10 - losers) }) !== undefined).toBe(isRefused);
  });

  test('the smaller of number and percent counts', () => {
    expect(refused({ losers: 4, principals: 3, percent: 100 })).toBeDefined();
    expect(refused({ losers: 4, principals: 100, percent: 75 })).toBeDefined();
    expect(refused({ losers: 4, principals: 4, percent: 100 })).toBeUndefined();
  });

  test('percent is rounded down', () => {
    expect(refused({ losers: 2, percent: 20, others: people('o', 7) })?.message).toContain('The limit is 1:');
    expect(refused({ losers: 2, percent: 20, others: people('o', 8) })).toBeUndefined();
  });

  test('one may always lose', () => {
    expect(refused({ losers: 1, principals: 0, percent: 0 })).toBeUndefined();
    expect(refused({ losers: 2, principals: 0, percent: 0 })?.message).toContain('The limit is 1:');
  });

  test('the numbers and names are told, and what to do', () => {
    expect(refused({ losers: 3, principals: 2, percent: 90, others: people('o', 1) })).toEqual({
      rule: 'revoke-limit',
      message:
        '3 would lose access: l0@example.com, l1@example.com, l2@example.com. ' +
        'The limit is 2: the smaller of 2 and 90 % of the 4 with rows, at least 1',
      remedy:
        'approve the parts that you intend, make the change in smaller steps, or raise `limits.revokes` in a reviewed change of the policy',
    });
  });

  test('ten are named, the others counted', () => {
    expect(refused({ losers: 10, principals: 1 })?.message).toMatch(/l9@example\.com\. The/);
    expect(refused({ losers: 12, principals: 1 })?.message).toMatch(
      /l6@example\.com, l7@example\.com and 2 more\. The/,
    );
  });
});

describe('whoever holds a row counts', () => {
  const told = (others: readonly AccessSpec[], policy: PolicySpec = {}) =>
    refused({ losers: 2, principals: 1, others, policy })?.message ?? '';

  test.each<[fact: string, counted: number, access: Omit<AccessSpec, 'access'>]>([
    ['a user', 1, { user: 'x@x', rows: VIEWER }],
    ['an invite', 1, { invite: 'x@x', rows: VIEWER }],
    ['a token that the list shows', 1, { token: { id: 3, name: 't' }, rows: VIEWER }],
    ['a user and an invite of one e-mail once', 0, { invite: 'L0@Example.com', rows: VIEWER }],
    ['nobody without rows', 0, { user: 'x@x' }],
    ['no owner', 0, { user: 'x@x', rows: { account: 'owner', ...VIEWER } }],
    ['nobody who cannot be updated', 0, { user: 'x@x', rows: VIEWER, canUpdate: false }],
    ['nobody whose rows nothing may write', 0, { user: 'x@x', rows: { 'organization:#7': 'admin' } }],
    ['nobody at level 1', 0, { user: 'x@x', rows: { 'project:#4001': 1 } }],
  ])('%s', (_, counted, access) => {
    expect(told([{ access: 9, ...access }])).toContain(`of the ${2 + counted} with rows`);
  });

  test('nobody whose rows are outside the policy', () => {
    const access = { access: 9, user: 'x@x', rows: { 'domain:#7001': 'viewer' } } as const;
    expect(told([access], { ignore: ['domain:*'] })).toContain('of the 2 with');
    expect(told([access], { manage: ['project:*'] })).toContain('of the 2 with');
  });

  test('a declared token by the rows that the list of tokens shows', () => {
    const policy = { tokens: { ci: { access: 500, token: 900 } } };
    const grants = [...people('l', 2)].map(({ user = '' }) => ({ to: user, resource: 'project:#999' }));
    const apiTokens = [{ id: 900, name: 'its own name', rows: VIEWER }];
    const { plan } = smallWorld(
      {
        ...policy,
        limits: { revokes: { principals: 1, percent: 100 } },
        grants: [...grants, { to: 'token:ci', resource: 'project:#4001' }],
      },
      { accesses: people('l', 2), apiTokens },
    );
    expect(plan.refusals[0]?.message).toContain('of the 3 with');
  });

  test('somebody whose access a declared token wrongly carries, as themselves', () => {
    const leaving = people('l', 2);
    const { plan } = smallWorld(
      {
        tokens: { ci: { access: 2, token: 900 } },
        limits: { revokes: { principals: 1, percent: 100 } },
        grants: [...leaving.map(({ user = '' }) => user), 'token:ci'].map((to) => ({ to, resource: 'project:#999' })),
      },
      { accesses: leaving, apiTokens: [{ id: 900, name: 't' }] },
    );
    expect(plan.refusals[0]?.message).toContain('of the 2 with');
  });
});

describe('who loses', () => {
  test('is whoever has a row lowered or removed, gains beside it or not', () => {
    const grants = [
      { to: 'a@x', resource: 'project:#4001' },
      { to: 'b@x', resource: 'domain:#7001' },
    ];
    const accesses = [
      { access: 1, user: 'a@x', rows: { 'project:#4001': 'admin' } },
      { access: 2, user: 'b@x', rows: VIEWER },
    ] as const;
    const limits = { revokes: { principals: 1, percent: 100 } };
    expect(smallWorld({ grants, limits }, { accesses }).plan.refusals[0]?.message).toContain(
      '2 would lose access: a@x, b@x',
    );
  });

  test('is nobody who only gains', () => {
    const grants = [{ to: ['a@x', 'b@x'], resource: 'account' }];
    const accesses = [
      { access: 1, user: 'a@x' },
      { access: 2, user: 'b@x' },
    ];
    const limits = { revokes: { principals: 1, percent: 100 } };
    expect(smallWorld({ grants, limits }, { accesses }).plan.refusals).toEqual([]);
  });

  test('is a user and an invite of one e-mail once', () => {
    const accesses = [
      { access: 1, user: 'A@x', rows: VIEWER },
      { access: 2, invite: 'a@X', rows: VIEWER },
    ];
    const limits = { revokes: { principals: 1, percent: 100 } };
    const { plan } = smallWorld({ grants: [{ to: 'a@x', resource: 'project:#999' }], limits }, { accesses });
    expect(plan.verdict).toBe('allowed');
  });
});

describe('a loss by an end', () => {
  const accesses = people('l', 3);
  const until = (user: string | undefined, date: string) => ({
    to: user ?? '',
    resource: 'project:#4001',
    until: date,
  });
  const limits = { revokes: { principals: 1, percent: 100 } };

  const END = Date.parse('2026-11-02');
  const knownSince = (since: number, users = accesses) => ({
    knownEnds: users.map(({ user = '' }) => ({ principal: principalHash({ email: user }), end: END, since })),
  });

  test('counts where nothing keeps since when the policy has set it, and the plan says so', () => {
    const ended = accesses.slice(0, 2).map(({ user }) => until(user, '2026-11-01'));
    const gone = { to: accesses[2]?.user ?? '', resource: 'project:#999' };
    const { plan } = smallWorld({ grants: [...ended, gone], limits }, { accesses });
    expect(plan.refusals[0]?.message).toMatch(
      /^3 would lose.*, at least 1\. 2 of them lose it by an end, which counts: without state, grantd cannot know since when the policy has set the end 2026-11-02T00:00:00Z, and an end counts unless every accepted text has set it for 24 hours before it$/,
    );
  });

  test('is one by `ends` too', () => {
    const { plan } = smallWorld(
      {
        grants: [{ to: 'x@x', resource: 'account' }],
        ends: { 'l0@example.com': '2026-11-01', 'l1@example.com': '2026-11-01' },
        limits,
      },
      { accesses },
    );
    expect(plan.refusals[0]?.message).toContain('2 of them lose it by an end');
  });

  const twoEnd = accesses.slice(0, 2).map(({ user }) => until(user, '2026-11-01'));

  test('that every accepted text set for 24 hours before it does not count', () => {
    const { plan } = smallWorld({ grants: twoEnd, limits }, { accesses }, NOW, knownSince(END - 24 * HOUR_MS));
    expect(plan.verdict).toBe('allowed');
    expect(plan.changes).toHaveLength(2);
  });

  test('that was set for less counts, and the plan says since when', () => {
    const { plan } = smallWorld({ grants: twoEnd, limits }, { accesses }, NOW, knownSince(END - 24 * HOUR_MS + 1000));
    expect(plan.refusals[0]?.message).toMatch(
      /^2 would lose.*\. 2 of them lose it by an end, which counts: since 2026-11-01T00:00:01Z grantd has known the end 2026-11-02T00:00:00Z, and an end counts unless every/,
    );
  });

  test('that the state does not have counts, and the plan says so', () => {
    const [first = ''] = accesses.map(({ user }) => user);
    const known = knownSince(END - 48 * HOUR_MS, [{ access: 1, user: first }]);
    const gone = { to: accesses[2]?.user ?? '', resource: 'project:#999' };
    const { plan } = smallWorld({ grants: [...twoEnd, gone], limits }, { accesses }, NOW, known);
    expect(plan.refusals[0]?.message).toMatch(
      /^2 would lose access: l1@example\.com, l2@example\.com\..*\. 1 of them loses it by an end, which counts: grantd does not remember since when the policy has set the end 2026-11-02T00:00:00Z/,
    );
  });

  test('that does not count leaves the other losses of the same run to be counted', () => {
    const gone = accesses.map(({ user = '' }) => ({ to: user, resource: 'project:#999' }));
    const grants = [...twoEnd.slice(0, 1), ...gone.slice(1)];
    const { plan } = smallWorld({ grants, limits }, { accesses }, NOW, knownSince(END - 48 * HOUR_MS));
    expect(plan.refusals[0]?.message).toContain('2 would lose access: l1@example.com, l2@example.com.');
    expect(plan.refusals[0]?.message).not.toContain('by an end');
  });

  test('counts by the last of several ends that each kept the row', () => {
    const later = accesses.slice(0, 2).map(({ user }) => until(user, '2026-11-02'));
    const restraints = knownSince(END - 48 * HOUR_MS);
    const { plan } = smallWorld({ grants: [...twoEnd, ...later], limits }, { accesses }, NOW, restraints);
    expect(plan.refusals[0]?.message).toContain('2 of them lose it by an end');
  });
});
