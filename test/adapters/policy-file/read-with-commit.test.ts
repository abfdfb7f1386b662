import { expect, test } from 'vitest';
import { commitOf } from '../../../src/adapters/policy-file/read-with-commit.ts';

const SHA1 = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
const SHA256 = `${SHA1}${'0'.repeat(24)}`;

test.each([
  [`.worktrees/${SHA1}`, SHA1],
  [`/git/.worktrees/${SHA256}`, SHA256],
  [`.worktrees/${SHA1}/`, SHA1],
  [`.worktrees/${SHA1}/policies`, null],
  [`.worktrees/${SHA1.toUpperCase()}`, null],
  [`.worktrees/${SHA1}0`, null],
  [SHA1.slice(1), null],
  ['..2026_11_23_10_11_12.123456789', null],
])('a link to %s says the commit %s', (target, commit) => {
  expect(commitOf([target])).toBe(commit);
});

test('without a link there is none; of several the last that says one counts', () => {
  const other = SHA1.replace('a', 'b');
  expect(commitOf([])).toBeNull();
  expect(commitOf([`x/${SHA1}`, `y/${other}`, 'z'])).toBe(other);
});
