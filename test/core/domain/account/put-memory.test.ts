import { expect, test } from 'vitest';
import {
  NO_PUTS,
  type OpenCanary,
  PUT_PROOFS_MOST,
  provenKinds,
  withOpenCanary,
  withoutNamedRows,
  withoutOpenCanary,
  withoutPutProofs,
  withPutProof,
} from '../../../../src/core/domain/account/put-memory.ts';

const CANARY: OpenCanary = {
  api: 'a',
  runId: 'run-1',
  planDigest: 'sha256:0',
  access: 101,
  kind: 'user',
  tokenId: null,
  sentAt: 1,
  isAnswered: false,
  written: [],
  unnamed: [],
};

test('a proof counts for one API and one kind, the newest once, and they are bounded', () => {
  const once = withPutProof(NO_PUTS, { api: 'a', kind: 'user', seenAt: 1 });
  const again = withPutProof(once, { api: 'a', kind: 'user', seenAt: 2 });
  expect(again.proofs).toEqual([{ api: 'a', kind: 'user', seenAt: 2 }]);
  const both = withPutProof(again, { api: 'b', kind: 'invite', seenAt: 3 });
  expect([provenKinds(both, 'a'), provenKinds(both, 'b')]).toEqual([new Set(['user']), new Set(['invite'])]);
  expect(withoutPutProofs(both, 'a').proofs).toEqual([{ api: 'b', kind: 'invite', seenAt: 3 }]);
  let many = NO_PUTS;
  for (let api = 0; api < 40; api += 1) many = withPutProof(many, { api: `${api}`, kind: 'user', seenAt: api });
  expect(many.proofs).toHaveLength(PUT_PROOFS_MOST);
  expect(provenKinds(many, '39').size).toBe(1);
});

test('rows that a later PUT names are no rows of an open canary any more', () => {
  const rows = [11, 12].map((id) => ({ type: 'inbox' as const, id, level: 10 }));
  const memory = withOpenCanary(NO_PUTS, { ...CANARY, unnamed: rows });
  const without = (access: number, ...ids: readonly number[]) =>
    withoutNamedRows(
      memory,
      { api: 'a', access },
      ids.map((id) => ({ type: 'inbox', id })),
    );
  expect(without(101, 99)).toBe(memory);
  expect(without(102, 11, 12)).toBe(memory);
  expect(without(101, 11).open).toMatchObject([{ runId: 'run-1', unnamed: [{ id: 12 }] }]);
  expect(without(101, 12, 11).open).toEqual([]);
});

test('an access has one open canary for each API', () => {
  const open = withOpenCanary(withOpenCanary(NO_PUTS, CANARY), { ...CANARY, runId: 'run-2' });
  expect(open.open.map(({ runId }) => runId)).toEqual(['run-2']);
  const other = withOpenCanary(open, { ...CANARY, api: 'b' });
  const third = withOpenCanary(other, { ...CANARY, access: 102 });
  expect(withoutOpenCanary(third, CANARY).open.map(({ api, access }) => `${api} ${access}`)).toEqual([
    'b 101',
    'a 102',
  ]);
});
