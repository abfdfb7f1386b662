import { describe, expect, test } from 'vitest';
import { principalHash } from '../../../src/core/domain/account/known-ends.ts';
import { instantText } from '../../../src/core/domain/text/instant.ts';
import type { AccessSpec, RowsSpec } from '../../support/account-builder.ts';
import type { GrantSpec, PolicySpec } from '../../support/policy-builder.ts';
import { NOW, smallWorld } from '../../support/small-world.ts';

const HOUR_MS = 60 * 60 * 1000;
const ago = (hours: number, ms = 0) => instantText(NOW - hours * HOUR_MS + ms);
const mail = (index: number) => `u${index}@example.com`;
const users = (...rows: readonly RowsSpec[]): readonly AccessSpec[] =>
  rows.map((held, index) => ({ access: index + 1, user: mail(index), rows: held }));

const ADMIN = { account: 'admin' } as const;
const VIEWER = { 'project:#4001': 'viewer' } as const;

function refusals(policy: PolicySpec, accesses: readonly AccessSpec[], restraints = {}) {
  return smallWorld(policy, { accesses }, NOW, restraints).plan.refusals.map(
    ({ rule, message }) => `${rule}: ${message}`,
  );
}

describe('who became account admin by a `from` within the last 24 hours', () => {
  const admin = (index: number, dates: Partial<GrantSpec> = {}): GrantSpec => ({
    to: mail(index),
    resource: 'account',
    level: 'admin',
    ...dates,
  });
  const limits = { newAdmins: 1 };

  test('counts, in place or not, and the next one is held', () => {
    const grants = [admin(0, { from: ago(1) }), admin(1, { from: ago(0) })];
    expect(refusals({ grants, limits }, users(ADMIN, {}))).toEqual([
      'admin-limit: 1 would newly become account admin: u1@example.com. The limit is 1. ' +
        '1 more counts, because they became account admin by a `from` within the last 24 hours: u0@example.com',
    ]);
  });

  test.each([
    [ago(24), []],
    [ago(24, 1), ['admin-limit']],
  ])('since %s: held by %j', (from, rules) => {
    const grants = [admin(0, { from }), admin(1)];
    const { plan } = smallWorld({ grants, limits }, { accesses: users(ADMIN, {}) });
    expect(plan.refusals.map(({ rule }) => rule)).toEqual(rules);
  });

  test('counts though it has ended again', () => {
    const grants = [admin(0, { from: ago(2), until: ago(1) }), admin(1)];
    expect(refusals({ grants, limits }, users({}, {}))).toHaveLength(1);
  });

  test('does not count where another grant made them that right before', () => {
    const renewed = [admin(0, { until: ago(1) }), admin(0, { from: ago(1) }), admin(1)];
    expect(refusals({ grants: renewed, limits }, users(ADMIN, {}))).toEqual([]);
    const gap = [admin(0, { until: ago(1, -1) }), admin(0, { from: ago(1) }), admin(1)];
    expect(refusals({ grants: gap, limits }, users(ADMIN, {}))).toHaveLength(1);
    const less = [admin(0, { level: 'viewer' }), admin(0, { from: ago(1) }), admin(1)];
    expect(refusals({ grants: less, limits }, users(ADMIN, {}))).toHaveLength(1);
  });

  test('does not count where grantd may write none of their accesses, or they are in no account', () => {
    const grants = [admin(0, { from: ago(1) }), admin(1)];
    const owner = { account: 'owner' } as const;
    expect(refusals({ grants, limits }, users(owner, {}))).toEqual([]);
    expect(refusals({ grants, limits, ignore: [mail(0)] }, users(ADMIN, {}))).toEqual([]);
    expect(refusals({ grants: [admin(7, { from: ago(1) }), admin(1)], limits }, users(ADMIN, {}))).toEqual([]);
  });

  test('holds nothing where nothing is to be held', () => {
    const grants = [0, 1, 2].map((index) => admin(index, { from: ago(1) }));
    expect(refusals({ grants, limits }, users(ADMIN, ADMIN, ADMIN))).toEqual([]);
  });
});

describe('who gained by a `from` within the last 24 hours', () => {
  const gives = (index: number, dates: Partial<GrantSpec> = {}): GrantSpec => ({
    to: mail(index),
    resource: 'project:#4001',
    ...dates,
  });
  const limits = { gains: { principals: 2, percent: null } };

  test('counts towards `gains`, once where they gain something else too', () => {
    const begun = [gives(0, { from: ago(3) }), gives(1, { from: ago(2) })];
    expect(refusals({ grants: [...begun, gives(2)], limits }, users(VIEWER, VIEWER, {}))).toEqual([
      'gain-limit: 1 would gain access: u2@example.com. The limit is 2. ' +
        '2 more count, because they gained access by a `from` within the last 24 hours: u0@example.com, u1@example.com',
    ]);
    expect(
      refusals({ grants: [...begun, gives(1, { resource: 'domain:#7001' })], limits }, users(VIEWER, VIEWER)),
    ).toEqual([]);
  });

  test('is named up to ten, and counted beyond', () => {
    const begun = Array.from({ length: 12 }, (_, index) => gives(index, { from: ago(1) }));
    const accesses = users(...Array(12).fill(VIEWER), {});
    expect(refusals({ grants: [...begun, gives(12)], limits }, accesses)[0]).toMatch(
      /12 more count, .*: u0@example\.com, .* and 2 more$/,
    );
  });
});

describe('who lost access by an end that counts, within the last 24 hours', () => {
  const gone = (index: number, until: string | undefined): GrantSpec => ({
    to: mail(index),
    resource: 'project:#4001',
    ...(until === undefined ? { resource: 'project:#999' } : { until }),
  });
  const limits = { revokes: { principals: 1, percent: 100 } };

  test('counts together with who loses by one now', () => {
    const grants = [gone(0, ago(1)), gone(1, ago(0))];
    expect(refusals({ grants, limits }, users({}, VIEWER))[0]).toMatch(
      /^revoke-limit: 1 would lose access: u1@example\.com\. The limit is 1: .*, at least 1\. 1 more counts, because they lost access by an end within the last 24 hours: u0@example\.com\. 1 of them loses it by an end/,
    );
  });

  test('counts as one of those who had rows', () => {
    const grants = [gone(0, ago(1)), gone(1, ago(0))];
    const half = { revokes: { principals: 9, percent: 50 } };
    expect(refusals({ grants, limits: half }, users({}, VIEWER, VIEWER, VIEWER))).toEqual([]);
    expect(refusals({ grants, limits: half }, users({}, VIEWER, VIEWER))).toHaveLength(1);
  });

  test.each<[fact: string, policy: PolicySpec, accesses: readonly AccessSpec[]]>([
    ['an end 24 hours ago', { grants: [gone(0, ago(24)), gone(1, ago(0))] }, users({}, VIEWER)],
    [
      'who was given it by another grant at the end',
      { grants: [gone(0, ago(1)), { to: mail(0), resource: 'account' }, gone(1, ago(0))] },
      users({ account: 'viewer' }, VIEWER),
    ],
    ['the protected', { protected: [mail(0)], grants: [gone(0, ago(1)), gone(1, ago(0))] }, users({}, VIEWER)],
    ['an owner', { grants: [gone(0, ago(1)), gone(1, ago(0))] }, users({ account: 'owner' }, VIEWER)],
    ['mode additive, which takes nothing', { mode: 'additive', grants: [gone(0, ago(1))] }, users({}, VIEWER)],
  ])('not %s', (_, policy, accesses) => {
    expect(refusals({ limits, ...policy }, accesses)).toEqual([]);
  });

  test('not by an end that every accepted text set for 24 hours', () => {
    const grants = [gone(0, ago(1)), gone(1, ago(0))];
    const known = { principal: principalHash({ email: mail(0) }), end: NOW - HOUR_MS, since: NOW - 25 * HOUR_MS };
    expect(refusals({ grants, limits }, users({}, VIEWER), { knownEnds: [known] })).toEqual([]);
  });

  test('by an `ends` alone, where nothing is left of what they held', () => {
    const policy: PolicySpec = {
      ends: { [mail(0)]: ago(1), [mail(1)]: ago(0) },
      grants: [{ to: 'kim@example.com', resource: 'account' }],
      limits,
    };
    expect(refusals(policy, users({}, VIEWER))).toHaveLength(1);
    expect(refusals({ ...policy, protected: [mail(0)] }, users({}, VIEWER))).toEqual([]);
    expect(refusals({ ...policy, ends: { ...policy.ends, [mail(0)]: ago(25) } }, users({}, VIEWER))).toEqual([]);
    const notShown = { 'project:#77': 'viewer' } as const;
    expect(refusals(policy, users(notShown, VIEWER))).toEqual([]);
  });
});
