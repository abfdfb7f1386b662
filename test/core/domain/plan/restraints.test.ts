import { expect, test } from 'vitest';
import type { ApprovedPart, Change } from '../../../../src/core/domain/plan/plan.ts';
import { type BegunPart, begunParts } from '../../../../src/core/domain/plan/restraints.ts';

function change(access: number, id: number): Change {
  const principal = { kind: 'user', email: `${access}@x` } as const;
  const resource = { type: 'project', id, label: `project:${id}` } as const;
  return { kind: 'remove', principal, access, resource, before: 100, after: 0, why: [] };
}

function approved(digest: string, changes: readonly Change[], isBegun = false): ApprovedPart {
  const principal = { kind: 'user', email: 'ann@x' } as const;
  return { digest, principal, rules: ['revoke-limit'], changes, by: { kind: 'by-hand', user: null }, isBegun };
}

function begun(digest: string, access: number, ...ids: readonly number[]): BegunPart {
  const changes = ids.map((id) => ({ resource: { type: 'project', id } as const, before: 100, after: 0 }));
  return { digest, rules: ['revoke-limit'], access, changes };
}

test('an approved part begins with all that its digest binds, and without its words and reasons', () => {
  expect(begunParts([], [approved('a', [change(1, 10), change(1, 11)])])).toEqual([begun('a', 1, 10, 11)]);
});

test('what had begun is kept, before what begins now', () => {
  expect(begunParts([begun('a', 1, 10)], [approved('b', [change(2, 20)])])).toEqual([
    begun('a', 1, 10),
    begun('b', 2, 20),
  ]);
});

test('what is left of a begun part does not replace the whole, which its digest binds', () => {
  expect(begunParts([begun('a', 1, 10, 11)], [approved('a', [change(1, 11)], true)])).toEqual([begun('a', 1, 10, 11)]);
});

test('a part that begins again is known once', () => {
  expect(begunParts([begun('a', 1, 10)], [approved('a', [change(1, 10)])])).toEqual([begun('a', 1, 10)]);
});

test('one digest for two accesses is two parts', () => {
  expect(begunParts([begun('a', 1, 10)], [approved('a', [change(2, 10)])])).toEqual([
    begun('a', 1, 10),
    begun('a', 2, 10),
  ]);
});

test('a part without changes begins nothing, and stops none after it', () => {
  expect(begunParts([], [approved('a', []), approved('b', [change(2, 20)])])).toEqual([begun('b', 2, 20)]);
});
