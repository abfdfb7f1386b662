import { describe, expect, test } from 'vitest';
import {
  givenBy,
  isKnownLevel,
  LEVEL,
  levelName,
  toAccessLevel,
} from '../../../../src/core/domain/account/access-level.ts';

test('the levels are those that Mailtrap documents, and none', () => {
  expect(LEVEL).toEqual({ none: 0, indeterminate: 1, viewer: 10, viewerPlus: 50, admin: 100, owner: 1000 });
});

test('the two words of a policy are the two levels that can be written', () => {
  expect(toAccessLevel('viewer')).toBe(10);
  expect(toAccessLevel('admin')).toBe(100);
});

describe.each([
  [0, 'none', true],
  [1, 'level 1', true],
  [10, 'viewer', true],
  [30, 'level 30', false],
  [50, 'viewer+', true],
  [100, 'admin', true],
  [101, 'level 101', false],
  [1000, 'owner', true],
  [-1, 'level -1', false],
] as const)('level %i', (level, name, isKnown) => {
  test(`is called ${name}`, () => {
    expect(levelName(level)).toBe(name);
  });

  test(`is ${isKnown ? 'known' : 'undocumented'}`, () => {
    expect(isKnownLevel(level)).toBe(isKnown);
  });

  test('gives itself, unless it is indeterminate, which gives nothing', () => {
    expect(givenBy(level)).toBe(level === 1 ? 0 : level);
  });
});
