import { describe, expect, test } from 'vitest';
import {
  coveringParent,
  effectiveLevel,
  greatestLevel,
  inheritedLevel,
  isCoveredBy,
} from '../../../../src/core/domain/account/effective-access.ts';
import type { ResourceNode } from '../../../../src/core/domain/account/resource-tree.ts';
import { buildAccount, listed } from '../../../support/account-builder.ts';

const { tree } = buildAccount({
  tree: [
    listed('account', 3229, 'Account', [
      listed('project', 1, 'P', [listed('inbox', 2, 'I'), listed('billing', 9, 'Odd')]),
      listed('billing', 3, 'Billing'),
      listed('campaigns', 4, 'Campaigns'),
    ]),
  ],
});

function node(type: 'account' | 'project' | 'inbox' | 'billing' | 'campaigns', id: number): ResourceNode {
  const found = tree.find({ type, id });
  if (!found) throw new Error(`no ${type} ${id}`);
  return found;
}

const [ACCOUNT, PROJECT, INBOX] = [node('account', 3229), node('project', 1), node('inbox', 2)];
const [BILLING, CAMPAIGNS, ODD] = [node('billing', 3), node('campaigns', 4), node('billing', 9)];

describe('the effective level is', () => {
  test.each<[fact: string, rows: readonly (readonly [ResourceNode, number])[], level: number]>([
    ['none without rows', [], 0],
    ['that of its own row', [[INBOX, 10]], 10],
    ['that of a row above', [[PROJECT, 100]], 100],
    ['that of a row two levels above', [[ACCOUNT, 50]], 50],
    [
      'the highest of all, its own',
      [
        [INBOX, 100],
        [PROJECT, 10],
        [ACCOUNT, 50],
      ],
      100,
    ],
    [
      'the highest of all, from above',
      [
        [INBOX, 10],
        [PROJECT, 50],
        [ACCOUNT, 100],
      ],
      100,
    ],
    [
      'none by an indeterminate row',
      [
        [INBOX, 1],
        [PROJECT, 1],
      ],
      0,
    ],
    ['none by a row elsewhere', [[BILLING, 100]], 0],
  ])('%s', (_, rows, level) => {
    expect(effectiveLevel(new Map(rows), INBOX)).toBe(level);
    expect(greatestLevel(new Map(rows), INBOX)).toBe(level);
  });

  test('none by a row below', () => {
    expect(effectiveLevel(new Map([[INBOX, 100]]), PROJECT)).toBe(0);
  });
});

describe('what a row of the account gives on billing and campaigns', () => {
  test.each([BILLING, CAMPAIGNS])('is nothing to rely on, and everything to guard against', (one) => {
    const rows = new Map([[ACCOUNT, 100]]);
    expect(effectiveLevel(rows, one)).toBe(0);
    expect(inheritedLevel(rows, one)).toBe(0);
    expect(greatestLevel(rows, one)).toBe(100);
    expect(coveringParent(one)).toBeNull();
  });

  test('is their own row where they have one', () => {
    expect(
      effectiveLevel(
        new Map([
          [ACCOUNT, 100],
          [BILLING, 10],
        ]),
        BILLING,
      ),
    ).toBe(10);
  });

  test('is as usual where they lie below a project', () => {
    expect(coveringParent(ODD)).toBe(PROJECT);
    expect(effectiveLevel(new Map([[ACCOUNT, 100]]), ODD)).toBe(100);
  });
});

test('the inherited level leaves the own row out', () => {
  const rows = new Map([
    [INBOX, 100],
    [PROJECT, 10],
    [ACCOUNT, 1],
  ]);
  expect(inheritedLevel(rows, INBOX)).toBe(10);
  expect(inheritedLevel(rows, PROJECT)).toBe(0);
  expect(inheritedLevel(rows, ACCOUNT)).toBe(0);
});

test('a row covers itself and what lies below, billing and campaigns aside', () => {
  expect(isCoveredBy(INBOX, INBOX)).toBe(true);
  expect(isCoveredBy(INBOX, ACCOUNT)).toBe(true);
  expect(isCoveredBy(PROJECT, INBOX)).toBe(false);
  expect(isCoveredBy(BILLING, ACCOUNT)).toBe(false);
  expect(isCoveredBy(BILLING, BILLING)).toBe(true);
});
