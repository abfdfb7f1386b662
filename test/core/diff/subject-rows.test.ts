import { describe, expect, test } from 'vitest';
import { bindPolicy } from '../../../src/core/bind/bind-policy.ts';
import { AsDeclared, DeclaredRows } from '../../../src/core/diff/subject-rows.ts';
import type { AccessRow } from '../../../src/core/domain/account/actual-state.ts';
import type { Subject } from '../../../src/core/domain/plan/desired-state.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { buildAccount } from '../../support/account-builder.ts';
import { buildPolicy } from '../../support/policy-builder.ts';
import { ANN, type EntitlementSpec, grantsOf, NOW } from '../../support/small-world.ts';

const BEN = 'ben@example.com';
const CHECKOUT: AccessRow = { type: 'project', id: 4001, level: 10 };
const MOBILE: AccessRow = { type: 'project', id: 4002, level: 100 };
const STAGING: AccessRow = { type: 'inbox', id: 5001, level: 10 };
const ELSEWHERE: AccessRow = { type: 'project', id: 77, level: 10 };

const TWO: EntitlementSpec = { 'project:#4001': 'viewer', 'project:#4002': 'admin' };

const ACCOUNT = buildAccount({
  accesses: [
    { access: 2, user: ANN },
    { access: 3, user: BEN },
  ],
});

/** Ann, and Ben where he is entitled something too, as bound to the small account. */
function subjectsOf(entitled: EntitlementSpec, bens: EntitlementSpec = {}): readonly Subject[] {
  const grants = [...grantsOf(entitled), ...grantsOf(bens, BEN)];
  return bindPolicy(resolvePolicy(buildPolicy({ grants })), ACCOUNT, NOW).subjects;
}

function isAsDeclared(
  entitled: EntitlementSpec,
  ...rowsOfPasses: readonly (readonly AccessRow[])[]
): readonly boolean[] {
  const [ann] = subjectsOf(entitled);
  const declared = new DeclaredRows().of(ann?.running ?? []);
  const asDeclared = new AsDeclared(ACCOUNT.tree);
  return rowsOfPasses.map((rows) => asDeclared.isExact(rows, declared));
}

describe('rows are just as declared', () => {
  test('in any order, in one pass after the other', () => {
    expect(isAsDeclared(TWO, [CHECKOUT, MOBILE], [MOBILE, CHECKOUT], [CHECKOUT, MOBILE])).toEqual([true, true, true]);
  });

  test.each<[fact: string, rows: readonly AccessRow[]]>([
    ['one is missing', [CHECKOUT]],
    ['there is one more', [CHECKOUT, MOBILE, STAGING]],
    ['one is another', [CHECKOUT, STAGING]],
    ['one is higher', [{ ...CHECKOUT, level: 100 }, MOBILE]],
    ['one is lower', [CHECKOUT, { ...MOBILE, level: 10 }]],
    ['one is on what the tree does not show', [CHECKOUT, ELSEWHERE]],
    ['one stands there twice and another is missing', [CHECKOUT, CHECKOUT]],
  ])('but not where %s', (_, rows) => {
    expect(isAsDeclared(TWO, rows)).toEqual([false]);
  });

  test('but not where one lies below another, since it may be redundant', () => {
    const entitled: EntitlementSpec = { 'project:#4001': 'viewer', 'inbox:#5001': 'viewer' };
    expect(isAsDeclared(entitled, [CHECKOUT, STAGING])).toEqual([false]);
  });

  test('where nothing is declared and nothing held', () => {
    expect(isAsDeclared({}, [], [CHECKOUT])).toEqual([true, false]);
  });
});

describe('declared rows', () => {
  test('are one value for all who hold the same grants', () => {
    const grants = [{ to: [ANN, BEN], resource: 'project:#4001', level: 'viewer' as const }];
    const [ann, ben] = bindPolicy(resolvePolicy(buildPolicy({ grants })), ACCOUNT, NOW).subjects;
    const rows = new DeclaredRows();
    expect(ann?.running).toBe(ben?.running);
    expect(rows.of(ann?.running ?? [])).toBe(rows.of(ben?.running ?? []));
    expect(rows.of(ann?.running ?? [])).toBe(rows.of([...(ben?.running ?? [])]));
  });

  test('are each their own where the grants begin alike', () => {
    const grants = [
      { to: [ANN, BEN], resource: 'project:#4001', level: 'viewer' as const },
      { to: ANN, resource: 'project:#4002', level: 'viewer' as const },
    ];
    const [ann, ben] = bindPolicy(resolvePolicy(buildPolicy({ grants })), ACCOUNT, NOW).subjects;
    const rows = new DeclaredRows();
    const sizes = [ann, ben, ann, ben].map((subject) => rows.of(subject?.running ?? []).levels.size);
    expect(sizes).toEqual([2, 1, 2, 1]);
  });

  test('are right however many lists begin alike', () => {
    const people = Array.from({ length: 20 }, (_, index) => `p${index}@example.com`);
    const grants = [
      { to: people, resource: 'project:#4001', level: 'viewer' as const },
      ...people.map((to) => ({ to, resource: 'project:#4002', level: 'admin' as const })),
    ];
    const accesses = people.map((user, index) => ({ access: 10 + index, user }));
    const { subjects } = bindPolicy(resolvePolicy(buildPolicy({ grants })), buildAccount({ accesses }), NOW);
    const rows = new DeclaredRows();
    for (const subject of [...subjects, ...subjects]) {
      expect([...rows.of(subject.running).levels.values()]).toEqual([10, 100]);
    }
  });

  test('take the highest level that a grant gives on a resource', () => {
    const grants = [
      { to: ANN, resource: 'project:#4001', level: 'admin' as const },
      { to: ANN, resource: 'project:#4001', level: 'viewer' as const },
    ];
    const [ann] = bindPolicy(resolvePolicy(buildPolicy({ grants })), ACCOUNT, NOW).subjects;
    expect([...new DeclaredRows().of(ann?.running ?? []).levels.values()]).toEqual([100]);
  });
});
