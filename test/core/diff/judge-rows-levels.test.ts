import { describe, expect, test } from 'vitest';
import { annAlone, changeText, unmanageableText } from '../../support/small-world.ts';

const PROJECT = 'project:#4001';
const INBOX = 'inbox:#5001';

function lines(spec: Parameters<typeof annAlone>[0]): readonly string[] {
  const plan = annAlone(spec);
  return [
    ...plan.changes.map(changeText),
    ...plan.unmanageable.map(unmanageableText),
    ...plan.redundant.map(({ resource, level }) => `redundant ${resource.label} ${level}`),
  ];
}

describe('level 50, viewer+', () => {
  test('stays where viewer is entitled by its own row', () => {
    expect(lines({ entitled: { [PROJECT]: 'viewer' }, held: { [PROJECT]: 50 } })).toEqual([
      'excess project:#4001 50/10: level',
    ]);
  });

  test('stays where viewer is entitled by the row of an ancestor', () => {
    const held = { [PROJECT]: 'viewer', [INBOX]: 50 } as const;
    expect(lines({ entitled: { [PROJECT]: 'viewer' }, held })).toEqual(['excess inbox:#5001 50/10: level']);
  });

  test('is removed where nothing is entitled', () => {
    expect(lines({ held: { [PROJECT]: 50 } })).toEqual(['remove project:#4001 50>0']);
  });

  test('is raised where admin is entitled', () => {
    expect(lines({ entitled: { [PROJECT]: 'admin' }, held: { [PROJECT]: 50 } })).toEqual([
      'raise project:#4001 50>100',
    ]);
  });

  test('gives viewer to what lies below it', () => {
    const entitled = { [PROJECT]: 'viewer', [INBOX]: 'viewer' } as const;
    expect(lines({ entitled, held: { [PROJECT]: 50 } })).toEqual(['excess project:#4001 50/10: level']);
  });
});

describe('level 1, indeterminate', () => {
  test('is written over where something is entitled', () => {
    expect(lines({ entitled: { [PROJECT]: 'viewer' }, held: { [PROJECT]: 1 } })).toEqual(['raise project:#4001 1>10']);
  });

  test('is never removed, and is not redundant', () => {
    expect(lines({ held: { [PROJECT]: 1 } })).toEqual([]);
    expect(lines({ entitled: { account: 'viewer' }, held: { account: 'viewer', [PROJECT]: 1 } })).toEqual([]);
  });

  test('gives nothing to what lies below it', () => {
    expect(lines({ entitled: { [INBOX]: 'viewer' }, held: { [PROJECT]: 1 } })).toEqual(['create inbox:#5001 0>10']);
  });
});

describe('a level that nobody documents', () => {
  test.each([30, 99, 200, 5])('%i is never removed', (level) => {
    expect(lines({ held: { [PROJECT]: level } })).toEqual([`excess project:#4001 ${level}/0: level`]);
  });

  test('is never lowered', () => {
    expect(lines({ entitled: { [PROJECT]: 'viewer' }, held: { [PROJECT]: 30 } })).toEqual([
      'excess project:#4001 30/10: level',
    ]);
  });

  test('is never raised', () => {
    expect(lines({ entitled: { [PROJECT]: 'admin' }, held: { [PROJECT]: 30 } })).toEqual([
      'missing project:#4001 30/100: level',
    ]);
  });

  test('is redundant where more is entitled above', () => {
    expect(lines({ entitled: { [PROJECT]: 'admin' }, held: { [PROJECT]: 'admin', [INBOX]: 30 } })).toEqual([
      'redundant inbox:Checkout/Staging 30',
    ]);
  });
});

describe('level 1000, owner', () => {
  test('excludes every row of who holds it', () => {
    const held = { account: 'owner', [PROJECT]: 'viewer' } as const;
    expect(lines({ held })).toEqual(['excess account:#3229 1000/0: owner', 'excess project:#4001 10/0: owner']);
  });
});

test('of two rows on one resource the higher one is what is held', () => {
  const rows = { 'project:#4001': 'admin', 'project:#04001': 'viewer' } as const;
  expect(lines({ held: rows })).toEqual(['remove project:#4001 100>0']);
  const turned = { 'project:#04001': 'viewer', 'project:#4001': 'admin' } as const;
  expect(lines({ held: turned })).toEqual(['remove project:#4001 100>0']);
});
