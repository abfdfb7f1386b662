import { describe, expect, test } from 'vitest';
import type { ResourceType } from '../../../../src/core/domain/account/resource.ts';
import type { Change } from '../../../../src/core/domain/plan/plan.ts';
import { compareChanges, compareItems, compareOwners } from '../../../../src/core/domain/plan/plan-order.ts';

interface Spec {
  readonly email?: string;
  readonly kind?: 'user' | 'invite';
  readonly access?: number;
  readonly label?: string;
  readonly type?: ResourceType;
  readonly id?: number;
  readonly before?: number;
  readonly after?: number;
}

function change({ email = 'ann@example.com', kind = 'user', access = 1, ...rest }: Spec): Change {
  const { label = 'project:A', type = 'project', id = 1, before = 0, after = 10 } = rest;
  return { kind: 'create', principal: { kind, email }, access, resource: { type, id, label }, before, after, why: [] };
}

const IN_ORDER: readonly (readonly [fact: string, first: Spec, second: Spec])[] = [
  ['by e-mail', { email: 'a@x' }, { email: 'b@x' }],
  ['a user before an invite', { kind: 'user', access: 9 }, { kind: 'invite', access: 1 }],
  ['by access', { access: 2 }, { access: 10 }],
  ['a raise before a lowering', { before: 10, after: 100, label: 'z' }, { before: 100, after: 10, label: 'a' }],
  ['a lowering before a removal', { before: 100, after: 10, label: 'z' }, { before: 10, after: 0, label: 'a' }],
  ['by what a person reads', { label: 'domain:a', id: 2 }, { label: 'project:a', id: 1 }],
  ['by type', { type: 'domain', id: 2 }, { type: 'project', id: 1 }],
  ['by id, as numbers', { id: 2 }, { id: 10 }],
];

describe('the order of changes', () => {
  test.each(IN_ORDER)('%s', (_, first, second) => {
    expect(compareChanges(change(first), change(second))).toBeLessThan(0);
    expect(compareChanges(change(second), change(first))).toBeGreaterThan(0);
  });

  test('the principal counts before the kind of change', () => {
    const removal = change({ email: 'a@x', before: 10, after: 0 });
    expect(compareChanges(removal, change({ email: 'b@x' }))).toBeLessThan(0);
  });

  test('equal changes are equal', () => {
    expect(compareChanges(change({}), change({}))).toBe(0);
  });
});

test('items are ordered by owner, then by resource, never by level', () => {
  const a = change({ label: 'a', before: 100, after: 0 });
  const b = change({ label: 'b' });
  expect(compareItems(a, b)).toBeLessThan(0);
  expect(compareItems(b, a)).toBeGreaterThan(0);
  expect(compareItems(change({ email: 'b@x', label: 'a' }), change({ email: 'a@x', label: 'b' }))).toBeGreaterThan(0);
});

test('owners are ordered by name, then by access', () => {
  expect(compareOwners(change({ access: 3 }), change({ access: 20 }))).toBeLessThan(0);
  expect(compareOwners(change({ email: 'b@x', access: 3 }), change({ email: 'a@x', access: 20 }))).toBeGreaterThan(0);
});
