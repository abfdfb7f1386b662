import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Change, GuardRule } from '../../../src/core/domain/plan/plan.ts';
import { partDigest, planDigest } from '../../../src/core/guard/digest.ts';

const AT = { file: 'policy.yaml', line: 51, column: 3, length: 1 };

const CHANGE: Change = {
  kind: 'remove',
  principal: { kind: 'user', email: 'ann@example.com' },
  access: 2,
  resource: { type: 'project', id: 4001, label: 'project:Checkout' },
  before: 100,
  after: 10,
  why: [{ kind: 'not-granted', grant: AT, groups: [] }],
};
const OTHER: Change = { ...CHANGE, resource: { type: 'domain', id: 7001, label: 'domain:example.com' } };

/** Everything that a digest binds, one by one. */
const BOUND: readonly (readonly [what: string, change: Change])[] = [
  ['the access', { ...CHANGE, access: 3 }],
  ['the type of the resource', { ...CHANGE, resource: { ...CHANGE.resource, type: 'inbox' } }],
  ['the id of the resource', { ...CHANGE, resource: { ...CHANGE.resource, id: 4002 } }],
  ['the level before', { ...CHANGE, before: 50 }],
  ['the level after', { ...CHANGE, after: 0 }],
];

/** Everything that it leaves open. */
const OPEN: readonly (readonly [what: string, change: Change])[] = [
  ['the kind, which the levels say', { ...CHANGE, kind: 'lower' }],
  ['who it is, which the access says', { ...CHANGE, principal: { kind: 'invite', email: 'x@x' } }],
  ['what the resource is called', { ...CHANGE, resource: { ...CHANGE.resource, label: 'project:Renamed' } }],
  ['why', { ...CHANGE, why: [{ kind: 'offboarded', at: { ...AT, line: 21 } }] }],
];

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

describe('the digest of a part', () => {
  const rules: readonly GuardRule[] = ['revoke-limit', 'never'];
  const digest = partDigest(3229, rules, [CHANGE, OTHER]);

  test('is sha256 in hexadecimal', () => {
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('is of exactly this text, so it is the same on every machine and in every release', () => {
    const text =
      '{"account":3229,"changes":[[2,"project",4001,100,10],[2,"domain",7001,100,10]],"rules":["never","revoke-limit"]}';
    expect(digest).toBe(sha256(text));
  });

  test.each(BOUND)('binds %s', (_, changed) => {
    expect(partDigest(3229, rules, [changed, OTHER])).not.toBe(digest);
  });

  test.each(OPEN)('does not bind %s', (_, changed) => {
    expect(partDigest(3229, rules, [changed, OTHER])).toBe(digest);
  });

  test('binds the account', () => {
    expect(partDigest(3230, rules, [CHANGE, OTHER])).not.toBe(digest);
  });

  test('binds which rules hold the part, in whatever order they are told', () => {
    expect(partDigest(3229, ['never', 'revoke-limit'], [CHANGE, OTHER])).toBe(digest);
    expect(partDigest(3229, ['never'], [CHANGE, OTHER])).not.toBe(digest);
    expect(partDigest(3229, ['never', 'admin-limit'], [CHANGE, OTHER])).not.toBe(digest);
  });

  test('binds every change', () => {
    expect(partDigest(3229, rules, [CHANGE])).not.toBe(digest);
    expect(partDigest(3229, rules, [CHANGE, OTHER, CHANGE])).not.toBe(digest);
  });

  test('leaves the list of rules as it was', () => {
    partDigest(3229, rules, []);
    expect(rules).toEqual(['revoke-limit', 'never']);
  });
});

describe('the digest of a plan', () => {
  const held = [{ digest: 'sha256:aa' }];
  const digest = planDigest(3229, 'authoritative', [CHANGE], held);

  test('is of exactly this text, so it is the same on every machine and in every release', () => {
    const text = '{"account":3229,"changes":[[2,"project",4001,100,10]],"held":["sha256:aa"],"mode":"authoritative"}';
    expect(digest).toBe(sha256(text));
  });

  test.each(BOUND)('binds %s', (_, changed) => {
    expect(planDigest(3229, 'authoritative', [changed], held)).not.toBe(digest);
  });

  test.each(OPEN)('does not bind %s', (_, changed) => {
    expect(planDigest(3229, 'authoritative', [changed], held)).toBe(digest);
  });

  test('binds the account and the mode', () => {
    expect(planDigest(1, 'authoritative', [CHANGE], held)).not.toBe(digest);
    expect(planDigest(3229, 'additive', [CHANGE], held)).not.toBe(digest);
  });

  test('binds what is held', () => {
    expect(planDigest(3229, 'authoritative', [CHANGE], [])).not.toBe(digest);
    expect(planDigest(3229, 'authoritative', [CHANGE], [{ digest: 'sha256:bb' }])).not.toBe(digest);
  });

  test('binds whether a change is written or held', () => {
    expect(planDigest(3229, 'authoritative', [], [])).not.toBe(planDigest(3229, 'authoritative', [CHANGE], []));
  });
});
