import { describe, expect, test } from 'vitest';
import { type AgreedChange, type AgreedHeld, agreedParts } from '../../../../src/core/domain/plan/agreed-parts.ts';

const CHANGE: AgreedChange = {
  kind: 'raise',
  principal: { kind: 'user', email: 'ann@example.com' },
  access: 11,
  resource: { type: 'project', id: 4001 },
  before: 10,
  after: 100,
};
const HELD: AgreedHeld = { digest: 'sha256:a', rules: ['revoke-limit'], changes: [CHANGE] };

const partsOf = (change: Partial<AgreedChange>) => agreedParts([{ ...CHANGE, ...change }], []);
const heldOf = (held: Partial<AgreedHeld>) => agreedParts([], [{ ...HELD, ...held }]);

describe('who agreed to a change agreed to', () => {
  test.each<[what: string, other: Partial<AgreedChange>]>([
    ['its kind', { kind: 'create' }],
    ['the person', { principal: { kind: 'user', email: 'bob@example.com' } }],
    ['a user, not an invite', { principal: { kind: 'invite', email: 'ann@example.com' } }],
    ['the account access', { access: 12 }],
    ['the type of the resource', { resource: { type: 'domain', id: 4001 } }],
    ['the resource', { resource: { type: 'project', id: 4002 } }],
    ['the level before', { before: 0 }],
    ['the level after', { after: 50 }],
  ])('%s', (_, other) => {
    expect(partsOf(other)).not.toEqual(partsOf({}));
  });

  test('nothing else: not the words for its resource, nor its reasons', () => {
    const told = { ...CHANGE, resource: { ...CHANGE.resource, label: 'project:Web' }, why: [{ kind: 'grant' }] };
    expect(agreedParts([told], [])).toEqual(partsOf({}));
  });
});

describe('who agreed that a part is held agreed to', () => {
  test.each<[what: string, other: Partial<AgreedHeld>]>([
    ['its digest', { digest: 'sha256:b' }],
    ['the rules that hold it', { rules: ['revoke-limit', 'never'] }],
    ['its changes', { changes: [{ ...CHANGE, after: 50 }] }],
    ['all of its changes', { changes: [CHANGE, { ...CHANGE, resource: { type: 'project', id: 4002 } }] }],
  ])('%s', (_, other) => {
    expect(heldOf(other)).not.toEqual(heldOf({}));
  });
});

test('a plan agrees to one text for each change and one for each held part', () => {
  expect(agreedParts([CHANGE, CHANGE], [HELD])).toEqual([...partsOf({}), ...partsOf({}), ...heldOf({})]);
});

test('a change that is held is not agreed to as one that is written', () => {
  expect(heldOf({})).not.toEqual(partsOf({}));
});
