import { expect, test } from 'vitest';
import { emptyMemory } from '../../../../src/core/domain/account/account-memory.ts';

test('of an account that was never kept nothing is remembered but which one it is', () => {
  const { account, puts, ...remembered } = emptyMemory(3229);
  expect(account).toBe(3229);
  const { remembered: accesses, remembersAll, ...others } = remembered;
  expect([accesses, remembersAll]).toEqual([new Map(), false]);
  expect(puts).toEqual({ proofs: [], open: [] });
  const values: readonly unknown[] = Object.values(others);
  expect(values.flat().filter((value) => value !== null)).toEqual([]);
});
