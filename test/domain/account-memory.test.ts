import { expect, test } from 'vitest';
import { emptyMemory } from '../../src/domain/account-memory.ts';

test('of an account that was never kept nothing is remembered', () => {
  expect(emptyMemory(3229)).toEqual({
    account: 3229,
    policy: null,
    pausedSince: null,
    superseded: [],
    provenPairs: [],
    disprovenPairs: [],
    repeated: [],
    begun: [],
  });
});
